import type { CloseEvent, SocketStatus } from 'websocket-subject';
import { element, svg } from './element.js';
import { nameOf } from './sentences.js';
import { placeOf, shown, Track, widthOf, type Part } from './Track.js';

type State = SocketStatus['state'];

/** The height of each state, in px: states differ by more than their colour. */
const heights: Record<State, number> = { open: 26, closing: 18, connecting: 18, waiting: 10, closed: 3, idle: 3 };
const bottom = 44; // px; the codes are above the bars
const wide = 36; // px for a code; one that would overlap the last one is left out

/** Draws which states the connection was in, and the code of each close. */
export class Timeline {
  readonly #root = element<SVGSVGElement>('timeline');
  readonly #states = new Track<Part & { state: State; from: number }>(this.#root);
  readonly #ends = new Track<Part & { name: string }>(this.#root);
  #labelledAt = 0;

  set state(state: State) {
    const [now, last] = [Date.now(), this.#states.parts.at(-1)];
    if (last?.state === state) return;
    this.#stretch(now);
    const shape = svg('rect', { class: state, x: placeOf(now), y: String(bottom - heights[state]), height: String(heights[state]) });
    this.#states.add({ state, shape, from: now, until: now });
  }

  ended(end: CloseEvent): void {
    const now = Date.now();
    const x = placeOf(now);
    const shape = svg('g');
    const fits = ((now - this.#labelledAt) / shown) * this.#root.clientWidth >= wide;
    shape.append(svg('line', { x1: x, x2: x, y1: fits ? '2' : '16', y2: String(bottom) }));
    if (fits) {
      this.#labelledAt = now;
      const code = svg('text', { x, dx: '-4', y: '11', 'text-anchor': 'end' });
      code.textContent = String(end.code);
      shape.append(code);
    }
    this.#ends.add({ shape, until: now, name: nameOf(end) });
  }

  draw(now: number): void {
    this.#stretch(now);
    this.#states.move(now);
    this.#ends.move(now);
  }

  /** Says what is drawn. */
  describe(now: number): void {
    const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;
    const states = this.#states.parts.map(({ state, from, until }) => `${state} for ${seconds(until - Math.max(from, now - shown))}`);
    const ends = this.#ends.parts.map(({ name, until }) => `${name}, ${seconds(now - until)} ago`);
    this.#root.setAttribute('aria-label', `The last minute: ${states.join(', ')}. Closes: ${ends.join(', ') || 'none'}.`);
  }

  /** The present state lasts until now. */
  #stretch(now: number): void {
    const present = this.#states.parts.at(-1);
    if (!present) return;
    present.until = now;
    present.shape.setAttribute('width', widthOf(now - present.from));
  }
}

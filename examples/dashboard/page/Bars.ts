import { svg } from './element.js';
import { placeOf, Track, widthOf, type Part } from './Track.js';

/** Draws the values of the last minute as bars. The highest has the whole height. */
export class Bars {
  readonly #root: SVGSVGElement;
  readonly #track: Track<Part & { value: number }>;
  readonly #width: number;

  /** `width` is that of a bar, in milliseconds on the track. */
  constructor(root: SVGSVGElement, width: number) {
    this.#root = root;
    this.#track = new Track(root);
    this.#width = width;
  }

  /** Adds the value of what has just ended. */
  add(value: number): void {
    const now = Date.now();
    this.#track.add({ value, until: now, shape: svg('rect', { x: placeOf(now - this.#width), width: widthOf(this.#width) }) });
    const highest = Math.max(...this.#track.parts.map((part) => part.value));
    for (const part of this.#track.parts) {
      const height = highest === 0 ? 0 : (part.value / highest) * 100;
      part.shape.setAttribute('y', `${100 - height}%`);
      part.shape.setAttribute('height', `${height}%`);
    }
  }

  draw(now: number): void {
    this.#track.move(now);
  }

  /** Says what is drawn; `words` writes a value. */
  describe(words: (value: number) => string): void {
    const values = this.#track.parts.map(({ value }) => value);
    const said = values.length === 0 ? 'none' : `from ${words(Math.min(...values))} to ${words(Math.max(...values))}`;
    this.#root.setAttribute('aria-label', `The last minute: ${said}.`);
  }
}

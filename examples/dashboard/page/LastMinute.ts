import type { CloseEvent, SocketStatus } from 'websocket-subject';
import { Bars } from './Bars.js';
import { element, write } from './element.js';
import { millis } from './sentences.js';
import { Timeline } from './Timeline.js';

const second = 1_000;
const perSecond = (count: number): string => `${count.toLocaleString('en')}/s`;

/** The last minute of the connection, drawn: its states, its messages and its round trips on one axis of time. */
export class LastMinute {
  readonly #timeline = new Timeline();
  readonly #rate = new Bars(element<SVGSVGElement>('rate'), second * 0.7);
  readonly #roundTrips = new Bars(element<SVGSVGElement>('round-trips'), second * 0.7);
  #messages = 0;

  constructor() {
    setInterval(() => this.#endSecond(), second);
    // A user who prefers less motion sees one step each second.
    const still = matchMedia('(prefers-reduced-motion: reduce)');
    const draw = (): void => {
      if (!still.matches) this.#draw();
      requestAnimationFrame(draw);
    };
    draw();
  }

  set status({ state }: SocketStatus) {
    this.#timeline.state = state;
  }

  /** Whether messages are arriving: the last round trip says nothing about a silent connection. */
  set live(live: boolean) {
    if (!live) write(element('round-trip'), '–');
  }

  ended(end: CloseEvent): void {
    this.#timeline.ended(end);
  }

  messageArrived(): void {
    this.#messages += 1;
  }

  /** Records the round trip of a ping in milliseconds. */
  pingAnswered(ms: number): void {
    this.#roundTrips.add(ms);
    write(element('round-trip'), millis(ms));
  }

  #endSecond(): void {
    this.#rate.add(this.#messages);
    write(element('message-rate'), perSecond(this.#messages));
    this.#messages = 0;
    this.#draw();
    this.#timeline.describe(Date.now());
    this.#rate.describe(perSecond);
    this.#roundTrips.describe(millis);
  }

  #draw(): void {
    const now = Date.now();
    for (const drawing of [this.#timeline, this.#rate, this.#roundTrips]) drawing.draw(now);
  }
}

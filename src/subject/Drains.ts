import type { Outcome } from './Outcome.js';

/** Who waits until there is nothing left to send: nothing in any outbox, nor, up to its low mark, in the buffer of the transport. */
export class Drains {
  readonly #isEmpty: () => boolean;
  #waiting: Outcome[] = [];
  /** Where values flow to, or did last; without a connection it is calm. */
  #outflow: { isCalm(): boolean } | null = null;

  /** `isEmpty`: whether all outboxes are. */
  constructor(isEmpty: () => boolean) {
    this.#isEmpty = isEmpty;
  }

  wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.look();
    });
  }

  /** Tells who waits when there is nothing left. */
  look(): void {
    if (this.#waiting.length === 0 || !this.#isEmpty() || this.#outflow?.isCalm() === false) return;
    for (const outcome of this.takeWaiting()) outcome.resolve();
  }

  /** Who waits now, and is to be told something else. */
  takeWaiting(): Outcome[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  begin(outflow: { isCalm(): boolean }): void {
    this.#outflow = outflow;
  }
}

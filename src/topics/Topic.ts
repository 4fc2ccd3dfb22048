import type { Subscriber } from 'rxjs';

/**
 * One key and its consumers. With thousands of keys, most of the cost of a message is cache misses. So the only consumer of a key, the usual case, is
 * found without the array; an RxJS Subject would cost more than all the rest.
 */
export class Topic<In, Key> {
  // The fields that a message needs come first, so that they are often in one cache line.
  /** The last message; `undefined` before the first. */
  last: In | undefined = undefined;
  /** The consumer, if there is just one. */
  #only: Subscriber<In> | undefined = undefined;
  /** Some may have unsubscribed. */
  #consumers: Subscriber<In>[] = [];
  /** The connection that was asked for this key. */
  askedOn: object | undefined = undefined;
  /** Runs while the key is kept without a consumer. */
  graceTimer: ReturnType<typeof setTimeout> | undefined = undefined;
  #count = 0;

  constructor(readonly key: Key) {}

  get isWanted(): boolean {
    return this.#count > 0;
  }

  /** Delivers a message if there is just one consumer, which costs the least. Returns whether it did. */
  nextOnly(message: In): boolean {
    this.last = message;
    const only = this.#only;
    only?.next(message);
    return only !== undefined;
  }

  add(consumer: Subscriber<In>): void {
    this.stopGrace();
    this.#count++;
    this.#consumers.push(consumer);
    this.#only = this.#consumers.length === 1 ? consumer : undefined;
  }

  /** A consumer has unsubscribed. */
  removed(): void {
    this.#count--;
    // Compact when no more than half remain: one by one, thousands would take seconds to unsubscribe.
    if (this.#count * 2 > this.#consumers.length) return;
    this.#consumers = this.consumers;
    this.#only = this.#count === 1 ? this.#consumers[0] : undefined;
  }

  stopGrace(): void {
    clearTimeout(this.graceTimer);
    this.graceTimer = undefined;
  }

  /** Those that have not unsubscribed. */
  get consumers(): Subscriber<In>[] {
    return this.#consumers.filter(({ closed }) => !closed);
  }
}

import type { Subscriber } from 'rxjs';

/**
 * One key and its consumers, in an array of our own: an RxJS Subject costs more than all the rest for each message. With thousands of keys what costs is
 * memory that is not in the cache, so there is nothing between the array and the subscribers.
 */
export class Topic<In, Key> {
  readonly key: Key;
  /** The last message that has come; `undefined` before the first. */
  last: In | undefined;
  /** The connection that counts as asked for this key. */
  askedOn: object | null = null;
  /** Those who have left are among them until they are swept out. */
  #consumers: Subscriber<In>[] = [];
  #count = 0;
  #grace: ReturnType<typeof setTimeout> | undefined;

  constructor(key: Key) {
    this.key = key;
  }

  get isWanted(): boolean {
    return this.#count > 0;
  }

  next(message: In): void {
    this.last = message;
    const consumers = this.#consumers;
    // Who joins meanwhile is not told.
    for (let i = 0, { length } = consumers; i < length; i++) {
      const consumer = consumers[i];
      if (consumer?.closed === false) consumer.next(message);
    }
  }

  add(subscriber: Subscriber<In>): void {
    this.stopGrace();
    this.#consumers.push(subscriber);
    this.#count++;
  }

  /** A consumer has left. */
  left(): void {
    this.#count--;
    // They are swept out once they are the half: one by one, thousands would take seconds to leave.
    if (this.#count * 2 < this.#consumers.length) this.#consumers = this.#consumers.filter(({ closed }) => !closed);
  }

  /** Keeps the key for a while after the last consumer. */
  startGrace(ms: number, isOver: () => void): void {
    this.#grace = setTimeout(isOver, ms);
  }

  stopGrace(): void {
    clearTimeout(this.#grace);
  }

  /** Tells the end to every consumer there is. */
  end(tell: (subscriber: Subscriber<In>) => void): void {
    this.stopGrace();
    for (const subscriber of this.#consumers.slice()) if (!subscriber.closed) tell(subscriber);
  }
}

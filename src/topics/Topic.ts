import type { Subscriber } from 'rxjs';

/**
 * One key and its consumers. With thousands of keys what a message costs is memory that is not in the cache, so the first consumer, for most keys the only
 * one, stands in the topic itself: an array is two more places to look at, and an RxJS Subject costs more than all the rest.
 */
export class Topic<In, Key> {
  // What a message needs comes first, so that it is often in one line of the cache.
  /** The last message that has come; `undefined` before the first. */
  last: In | undefined = undefined;
  /** Those who have left are among them, this one and the others, until they are swept out. */
  #first: Subscriber<In> | null = null;
  #others: Subscriber<In>[] | null = null;
  readonly key: Key;
  /** The connection that counts as asked for this key. */
  askedOn: object | null = null;
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
    const first = this.#first;
    const others = this.#others;
    // Who joins meanwhile is not told.
    const length = others === null ? 0 : others.length;
    if (first?.closed === false) first.next(message);
    for (let i = 0; i < length; i++) {
      const consumer = others?.[i];
      if (consumer?.closed === false) consumer.next(message);
    }
  }

  add(subscriber: Subscriber<In>): void {
    this.stopGrace();
    this.#count++;
    if (this.#first === null) this.#first = subscriber;
    else (this.#others ??= []).push(subscriber);
  }

  /** A consumer has left. */
  left(): void {
    this.#count--;
    // They are swept out once they are the half: one by one, thousands would take seconds to leave.
    if (this.#count * 2 > (this.#others?.length ?? 0)) return;
    const [first = null, ...others] = this.#consumers.filter(({ closed }) => !closed);
    this.#first = first;
    this.#others = others.length > 0 ? others : null;
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
    for (const subscriber of this.#consumers) if (!subscriber.closed) tell(subscriber);
  }

  get #consumers(): Subscriber<In>[] {
    return this.#first === null ? [] : [this.#first, ...(this.#others ?? [])];
  }
}

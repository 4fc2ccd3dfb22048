import type { Subscriber } from 'rxjs';

/**
 * One key and its consumers. With thousands of keys a message mostly costs memory that is not in the cache, so the first consumer, for most keys the only
 * one, has a field of the topic: an array is two more places to look at, and an RxJS Subject costs more than all the rest.
 */
export class Topic<In, Key> {
  // The fields that a message needs come first, so that they are often in one cache line.
  /** The last message that has arrived; `undefined` before the first. */
  last: In | undefined = undefined;
  /** This one and the others may have unsubscribed, until they are swept out. */
  #first: Subscriber<In> | null = null;
  #others: Subscriber<In>[] | null = null;
  readonly key: Key;
  /** The connection that was asked for this key. */
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
    // Who joins meanwhile does not receive it.
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

  /** A consumer has unsubscribed. */
  removed(): void {
    this.#count--;
    // Swept out once they are the half: one by one, thousands would take seconds to unsubscribe.
    if (this.#count * 2 > (this.#others?.length ?? 0)) return;
    const [first = null, ...others] = this.#consumers.filter(({ closed }) => !closed);
    this.#first = first;
    this.#others = others.length > 0 ? others : null;
  }

  /** Keeps the key for a while after the last consumer. */
  startGrace(start: (isOver: () => void) => ReturnType<typeof setTimeout>, isOver: () => void): void {
    this.#grace = start(isOver);
  }

  stopGrace(): void {
    clearTimeout(this.#grace);
  }

  /** Ends every consumer. */
  end(act: (subscriber: Subscriber<In>) => void): void {
    this.stopGrace();
    for (const subscriber of this.#consumers) if (!subscriber.closed) act(subscriber);
  }

  get #consumers(): Subscriber<In>[] {
    return this.#first === null ? [] : [this.#first, ...(this.#others ?? [])];
  }
}

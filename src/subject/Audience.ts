import type { Subscription } from 'rxjs';
import type { Wait } from './link.js';
import type { Sink } from './source.js';

/** Whoever keeps a session going: its one consumer, the base face, and the operators that wait to reconnect. */
export class Audience<In, Out> {
  readonly #waits = new Set<Wait<In, Out>>();
  /** Those who waited and are being told a final end. */
  #told: Wait<In, Out>[] = [];
  readonly #threw: (callback: string, error: unknown) => void;
  #consumer: Sink<In, Out> | null = null;

  /** `threw` is told what a finalizer has thrown. */
  constructor(threw: (callback: string, error: unknown) => void) {
    this.#threw = threw;
  }

  get consumer(): Sink<In, Out> | null {
    return this.#consumer;
  }

  hasConsumer(): boolean {
    return this.#consumer !== null;
  }

  get hasWaits(): boolean {
    return this.#waits.size > 0;
  }

  hasWait(wait: Wait<In, Out>): boolean {
    return this.#waits.has(wait);
  }

  get isEmpty(): boolean {
    return this.#consumer === null && this.#waits.size === 0;
  }

  /** The wait that ends first. */
  get nextWait(): Wait<In, Out> | undefined {
    let next: Wait<In, Out> | undefined;
    for (const wait of this.#waits) if (next === undefined || wait.until < next.until) next = wait;
    return next;
  }

  join(sink: Sink<In, Out>, subscription: Subscription, hasLeft: () => void): void {
    this.#consumer = sink;
    subscription.add(() => {
      if (this.#consumer !== sink) return;
      this.#consumer = null;
      hasLeft();
    });
  }

  addWait(wait: Wait<In, Out>): void {
    this.#waits.add(wait);
  }

  /** Says no when the wait has been ended before. */
  removeWait(wait: Wait<In, Out>): boolean {
    return this.#waits.delete(wait);
  }

  /** Has whoever waits wait so many ms at most; says whether that changes anything. */
  hasten(ms: number): boolean {
    return [...this.#waits].filter((wait) => wait.hasten(ms)).length > 0;
  }

  /** Has whoever waits wait no longer. */
  endWaits(): void {
    for (const { event } of [...this.#waits]) event.retryNow();
  }

  /** Unsubscribes whoever waits, without a terminal. */
  dismissWaits(): void {
    for (const wait of [...this.#waits, ...this.#told]) this.#survive(() => wait.subscription.unsubscribe());
  }

  /** Whoever must be told an end, and is told nothing after it: the consumer, and, when the end is final, those who wait. */
  take(isFinal: boolean): Sink<In, Out>[] {
    const sinks = this.#consumer === null ? [] : [this.#consumer];
    this.#consumer = null;
    if (isFinal) {
      this.#told = [...this.#waits];
      this.#waits.clear();
      for (const { sink } of this.#told) sinks.push(sink);
    }
    return sinks.map((sink) => this.#guarded(sink));
  }

  #guarded(sink: Sink<In, Out>): Sink<In, Out> {
    return {
      event: (event) => this.#survive(() => sink.event(event)),
      message: (data) => sink.message(data),
      complete: () => this.#survive(() => sink.complete()),
      error: (error) => this.#survive(() => sink.error(error)),
    };
  }

  /** Who ends runs what the program has attached to a subscription, and RxJS lets it throw: the others must end all the same (S16). */
  #survive(end: () => void): void {
    try {
      end();
    } catch (error) {
      this.#threw('finalizer', error);
    }
  }
}

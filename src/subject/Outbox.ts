import type { CloseEvent } from '../close/CloseEvent.js';
import { UnsentError } from '../close/UnsentError.js';
import type { SerializedData } from './config.js';
import type { Drains } from './Drains.js';
import { isBlob } from './isBlob.js';
import type { OutboxBudget } from './OutboxBudget.js';
import type { Outcome } from './Outcome.js';
import type { Sendable } from './sendable.js';

/** A value on its way out, as given and as it will be sent. */
export interface Queued<Out> {
  readonly value: Out;
  data: SerializedData;
  readonly bytes: number;
  /** The connection that has taken it; `null` while it waits. */
  takenBy: Taker | null;
  /** A `Blob` being read: `data` is its bytes once this is fulfilled. */
  reading?: Promise<void>;
  /** Who is told whether it was sent. */
  readonly outcome: Outcome | null;
}

/** What takes values: a connection. */
export interface Taker {
  readonly canSend: boolean;
  /** Whether it has room for one more. */
  readonly hasRoom: boolean;
  send(data: Sendable): void;
}

/** Values accepted by `next()` that no transport has taken yet, in order (S13). */
export class Outbox<Out> {
  #queue: Queued<Out>[] = [];
  #head = 0;
  readonly #budget: OutboxBudget;
  readonly #drains: Drains;
  /** Who is still to be told that values were taken away. */
  #bereft: { readonly outcome: Outcome; readonly values: readonly Out[] }[] = [];

  constructor(budget: OutboxBudget, drains: Drains) {
    this.#budget = budget;
    this.#drains = drains;
  }

  get length(): number {
    return this.#queue.length - this.#head;
  }

  push(queued: Queued<Out>): void {
    this.#queue.push(queued);
    this.#budget.add(queued);
  }

  /**
   * Hands the values over in order until none is left, the connection takes no more for now, or a `Blob` is next, which has to be read first. Each leaves
   * before it is sent, since sending may call back; one that could not be sent is first again when this throws.
   */
  flush(taker: Taker): void {
    for (let next = this.#queue[this.#head]; next !== undefined && taker.canSend && taker.hasRoom; next = this.#queue[this.#head]) {
      const { data } = next;
      if (isBlob(data)) return;
      // What was sent is let go at once, and its place in blocks: shifting an array of 100,000 one by one takes seconds.
      this.#queue[this.#head++] = undefined as never;
      this.#budget.remove(next);
      if (this.#head === this.#queue.length || this.#head === 1024) {
        this.#queue = this.#queue.slice(this.#head);
        this.#head = 0;
      }
      try {
        next.takenBy = taker;
        taker.send(data);
      } catch (error) {
        next.takenBy = null;
        this.#queue = [next, ...this.#queue.slice(this.#head)];
        this.#head = 0;
        this.#budget.add(next);
        throw error;
      }
      next.outcome?.resolve();
    }
  }

  /** Bytes of what waits here, where they are counted. */
  get bytes(): number {
    let bytes = 0;
    for (let i = this.#head; i < this.#queue.length; i++) bytes += this.#queue[i]?.bytes ?? 0;
    return bytes;
  }

  /** The value that waits longest. */
  get oldest(): Queued<Out> | undefined {
    return this.#queue[this.#head];
  }

  /** Says no when the value is not waiting here. */
  remove(queued: Queued<Out>): boolean {
    const at = this.#queue.indexOf(queued, this.#head);
    if (at < 0) return false;
    this.#queue.splice(at, 1);
    this.#budget.remove(queued);
    return true;
  }

  /** Empties the outbox and gives the values as they were given to `next()`. Whoever waits for them is told by `tellUnsent`. */
  take(): Out[] {
    const taken = this.#queue.slice(this.#head);
    const values = taken.map(({ value }) => value);
    for (const queued of taken) {
      this.#budget.remove(queued);
      if (queued.outcome !== null) this.#bereft.push({ outcome: queued.outcome, values: [queued.value] });
    }
    if (taken.length > 0) for (const outcome of this.#drains.takeWaiting()) this.#bereft.push({ outcome, values });
    this.#queue = [];
    this.#head = 0;
    return values;
  }

  /** Tells how the session has ended that the values were taken away from; `cause` where no event tells it. */
  tellUnsent(closeEvent: CloseEvent | null, cause?: unknown): void {
    const bereft = this.#bereft;
    this.#bereft = [];
    for (const { outcome, values } of bereft) outcome.reject(new UnsentError(values, closeEvent, cause));
  }
}

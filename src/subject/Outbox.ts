import { OutboxOverflowError } from '../close/OutboxOverflowError.js';
import type { SerializedData } from './config.js';

/** A value on its way out, as given and as it will be sent. */
export interface Queued<Out> {
  readonly value: Out;
  readonly data: SerializedData;
  /** The connection that has taken it; `null` while it waits. */
  takenBy: Taker | null;
}

/** What takes values: a connection. */
export interface Taker {
  readonly canSend: boolean;
  send(data: SerializedData): void;
}

/** How many values all outboxes of a core may hold together, and how many they do hold (S15). */
export interface OutboxBudget {
  readonly maxValues: number;
  used: number;
}

/** Values accepted by `next()` that no transport has taken yet, in order (S13). */
export class Outbox<Out> {
  #queue: Queued<Out>[] = [];
  #head = 0;
  readonly #budget: OutboxBudget;

  constructor(budget: OutboxBudget) {
    this.#budget = budget;
  }

  get length(): number {
    return this.#queue.length - this.#head;
  }

  push(queued: Queued<Out>): void {
    if (this.#budget.used >= this.#budget.maxValues) throw new OutboxOverflowError(queued.value, this.#budget.maxValues);
    this.#queue.push(queued);
    this.#budget.used++;
  }

  /**
   * Hands the values over in order until none is left or the connection takes no more. Each leaves before it is sent, since sending may call back;
   * one that could not be sent is first again when this throws.
   */
  flush(taker: Taker): void {
    for (let next = this.#queue[this.#head]; next !== undefined && taker.canSend; next = this.#queue[this.#head]) {
      this.#head++;
      this.#budget.used--;
      // What was sent is let go in blocks: shifting an array of 100,000 one by one takes seconds.
      if (this.#head === this.#queue.length || this.#head === 1024) {
        this.#queue = this.#queue.slice(this.#head);
        this.#head = 0;
      }
      try {
        next.takenBy = taker;
        taker.send(next.data);
      } catch (error) {
        next.takenBy = null;
        this.#queue = [next, ...this.#queue.slice(this.#head)];
        this.#head = 0;
        this.#budget.used++;
        throw error;
      }
    }
  }

  /** Says no when the value is not waiting here. */
  remove(queued: Queued<Out>): boolean {
    const at = this.#queue.indexOf(queued, this.#head);
    if (at < 0) return false;
    this.#queue.splice(at, 1);
    this.#budget.used--;
    return true;
  }

  /** Empties the outbox and gives the values as they were given to `next()`. */
  take(): Out[] {
    const values = this.#queue.slice(this.#head).map(({ value }) => value);
    this.#budget.used -= values.length;
    this.#queue = [];
    this.#head = 0;
    return values;
  }
}

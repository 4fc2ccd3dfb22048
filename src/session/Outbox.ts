import type { CloseEvent } from '../close/CloseEvent.js';
import { OutboxOverflowError } from '../close/OutboxOverflowError.js';
import { UnsentError } from '../close/UnsentError.js';
import { utf8ByteLength } from '../close/utf8ByteLength.js';
import type { OutboxLimits } from '../config/settings.js';
import type { Sendable } from '../connection/binary.js';

/** The two ends of a promise of what becomes of a value. */
export interface Outcome {
  resolve(): void;
  reject(error: unknown): void;
}

/** Waits until nothing is left to send. */
export interface Drain extends Outcome {
  /** What waits to be sent may have changed. */
  check(): void;
}

/** A connection, as an outbox sees it. */
export interface Taker {
  readonly canSend: boolean;
  /** Whether it can keep up with one more value. */
  readonly hasRoom: boolean;
  send(data: Sendable): void;
}

/** A value on its way out, as it was given and as it will be sent. */
export interface Queued<Out> {
  readonly value: Out;
  readonly data: Sendable;
  /** The connection that has taken it; `undefined` while it waits. */
  takenBy: Taker | undefined;
  readonly outcome: Outcome | undefined;
}

/** Values accepted by `next()` that no transport has taken yet, in order (S13). */
export class Outbox<Out> {
  /** Whether `complete()` was called without a session: the next connection that opens sends the values and closes. */
  isCompleted = false;
  readonly #limits: OutboxLimits;
  #queue: (Queued<Out> | undefined)[] = [];
  /** Up to here the queue is empty. */
  #head = 0;
  #bytes = 0;
  /** Promises to reject, with the values that were taken away, when the session is over. */
  #rejected: { readonly outcome: Outcome; readonly values: readonly Out[] }[] = [];

  constructor(limits: OutboxLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#queue.length - this.#head;
  }

  /** Keeps a value. At the limit it throws, or drops as `overflow` says and returns what was dropped (S15). */
  push(queued: Queued<Out>): readonly Out[] {
    const { overflow, maxValues, maxBytes } = this.#limits;
    const bytes = this.#sizeOf(queued);
    const isFull = (): boolean => this.length >= maxValues || this.#bytes + bytes > maxBytes;
    const [limit, unit] = this.length >= maxValues ? ([maxValues, 'values'] as const) : ([maxBytes, 'bytes'] as const);
    const dropped: Queued<Out>[] = [];
    // Values are dropped only where that makes room: not for a value that would not fit alone.
    if (overflow === 'drop-oldest' && bytes <= maxBytes) while (this.length > 0 && isFull()) dropped.push(this.#shift());
    if (!isFull()) {
      this.#queue.push(queued);
      this.#bytes += bytes;
    } else if (overflow === 'error') throw new OutboxOverflowError(queued.value, limit, unit);
    else dropped.push(queued);
    for (const { value, outcome } of dropped) outcome?.reject(new OutboxOverflowError(value, limit, unit));
    return dropped.map(({ value }) => value);
  }

  /** Hands values over, in order, as long as the connection can take them. Throws what the transport throws; that value stays first. */
  sendTo(connection: Taker): void {
    while (this.length > 0 && connection.canSend && connection.hasRoom) {
      // Before it is sent, since sending may call back.
      const queued = this.#shift();
      queued.takenBy = connection;
      try {
        connection.send(queued.data);
      } catch (error) {
        queued.takenBy = undefined;
        this.#queue = [queued, ...this.#queue.slice(this.#head)];
        this.#head = 0;
        this.#bytes += this.#sizeOf(queued);
        throw error;
      }
      queued.outcome?.resolve();
    }
  }

  /** Takes a value out again. Returns false if it does not wait here. */
  remove(queued: Queued<Out>): boolean {
    const at = this.#queue.indexOf(queued, this.#head);
    if (at < 0) return false;
    this.#queue.splice(at, 1);
    this.#bytes -= this.#sizeOf(queued);
    return true;
  }

  /** Takes all values away, and returns them; `waiting` are those who wait for all of them. Their promises reject with `rejectTaken`. */
  take(waiting: readonly Outcome[]): Out[] {
    const taken = this.#queue.slice(this.#head) as Queued<Out>[];
    const values = taken.map(({ value }) => value);
    for (const { value, outcome } of taken) if (outcome) this.#rejected.push({ outcome, values: [value] });
    for (const outcome of waiting) this.#rejected.push({ outcome, values });
    this.#queue = [];
    this.#head = 0;
    this.#bytes = 0;
    this.isCompleted = false;
    return values;
  }

  /** Rejects the promises of values that were taken away; `cause` where there is no event. */
  rejectTaken(closeEvent: CloseEvent | null, cause?: unknown): void {
    for (const { outcome, values } of this.#rejected.splice(0)) outcome.reject(new UnsentError(values, closeEvent, cause));
  }

  /** Takes the first value. Its place is emptied at once, and cut in blocks: shifting an array of 100,000 one by one takes seconds. */
  #shift(): Queued<Out> {
    const queued = this.#queue[this.#head] as Queued<Out>;
    this.#queue[this.#head++] = undefined;
    this.#bytes -= this.#sizeOf(queued);
    if (this.#head === this.#queue.length || this.#head === 1024) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return queued;
  }

  /** Bytes; 0 where they are not limited, since counting reads every character. */
  #sizeOf({ data }: Queued<Out>): number {
    if (this.#limits.maxBytes === Infinity) return 0;
    return typeof data === 'string' ? utf8ByteLength(data) : data.length;
  }
}

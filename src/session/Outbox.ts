import type { CloseEvent } from '../close/CloseEvent.js';
import { OutboxOverflowError } from '../close/OutboxOverflowError.js';
import { UnsentError } from '../close/UnsentError.js';
import { utf8ByteLength } from '../close/utf8ByteLength.js';
import type { OutboxLimits } from '../config/settings.js';
import type { SocketWarning } from '../config/SocketWarning.js';
import type { Sendable } from '../connection/binary.js';

/** Settles a promise of `send()` or `drained()`. */
export interface Deferred {
  resolve(): void;
  reject(error: unknown): void;
}

/** Waits until nothing is left to send. */
export interface DrainWaiter extends Deferred {
  /** Resolves if nothing is left to send. */
  check(): void;
}

/** The part of a connection that an outbox uses. */
export interface SendTarget {
  /** Whether it accepts a value, and can keep up with it. */
  readonly hasRoom: boolean;
  send(data: Sendable): void;
}

/** A value on its way out, and its serialized form. */
export interface Queued<Out> {
  readonly value: Out;
  readonly data: Sendable;
  /** The connection that it was handed to; `undefined` while it waits. */
  sentOn: SendTarget | undefined;
  /** The promise of `send()`. */
  readonly result?: Deferred | undefined;
  /** Called, if there is no promise, when the outbox drops the value. */
  readonly onDropped?: ((error: OutboxOverflowError) => void) | undefined;
}

/** Values accepted by `next()` that no transport has taken yet, in order (S13). */
export class Outbox<Out> {
  /** Whether `complete()` was called without a session: the next connection that opens sends the values and closes. */
  isCompleted = false;
  readonly #limits: OutboxLimits;
  readonly #warn: (warning: SocketWarning) => void;
  #queue: (Queued<Out> | undefined)[] = [];
  /** The index of the first value that waits. */
  #head = 0;
  #bytes = 0;
  /** Promises of values that were taken away; `rejectTaken` rejects them when the session finishes. */
  #toReject: { readonly result: Deferred; readonly values: readonly Out[] }[] = [];
  /** How many values were dropped since the first of them was reported; `null` while there is room. */
  #unreported: number | null = null;
  #firstUnreported: Out | undefined;

  constructor(limits: OutboxLimits, warn: (warning: SocketWarning) => void) {
    this.#limits = limits;
    this.#warn = warn;
  }

  get length(): number {
    return this.#queue.length - this.#head;
  }

  /** Queues a value; at the limit, applies `overflow` (S13, S15). */
  push(queued: Queued<Out>): void {
    const { overflow, maxValues, maxBytes } = this.#limits;
    const bytes = this.#sizeOf(queued);
    const isFull = (): boolean => this.length >= maxValues || this.#bytes + bytes > maxBytes;
    const [limit, unit] = this.length >= maxValues ? ([maxValues, 'values'] as const) : ([maxBytes, 'bytes'] as const);
    const dropped: Queued<Out>[] = [];
    // A value that would not fit alone drops no others.
    if (overflow === 'drop-oldest' && bytes <= maxBytes) while (this.length > 0 && isFull()) dropped.push(this.#shift());
    if (!isFull()) {
      this.#queue.push(queued);
      this.#bytes += bytes;
    } else if (overflow === 'throw') throw new OutboxOverflowError(queued.value, limit, unit);
    else dropped.push(queued);
    const [first] = dropped;
    if (!first) return;
    this.#countDropped(first.value, dropped.length);
    for (const { value, result, onDropped } of dropped) {
      const error = new OutboxOverflowError(value, limit, unit);
      if (result) result.reject(error);
      else onDropped?.(error);
    }
  }

  /** Reports the first loss at once, and counts the others until there is room again: a warning for each would cost more than the values did. */
  #countDropped(first: Out, count: number): void {
    if (this.#unreported === null) {
      this.#unreported = 0;
      this.#warnDropped(first, count);
    } else {
      if (this.#unreported === 0) this.#firstUnreported = first;
      this.#unreported += count;
    }
  }

  /** There is room again, or the session is over. */
  #reportDropped(): void {
    const count = this.#unreported;
    this.#unreported = null;
    if (count) this.#warnDropped(this.#firstUnreported, count);
  }

  #warnDropped(first: unknown, count: number): void {
    this.#warn({ kind: 'dropped', values: [first], count, why: `outbox full (${this.#limits.overflow})` });
  }

  /** Sends values in order while the connection has room. Rethrows an error of the transport; that value stays first. */
  sendTo(connection: SendTarget): void {
    while (this.length > 0 && connection.hasRoom) {
      // Take it out before sending, which may call back.
      const queued = this.#shift();
      queued.sentOn = connection;
      try {
        connection.send(queued.data);
      } catch (error) {
        queued.sentOn = undefined;
        this.#queue = [queued, ...this.#queue.slice(this.#head)];
        this.#head = 0;
        this.#bytes += this.#sizeOf(queued);
        throw error;
      }
      queued.result?.resolve();
      this.#reportDropped();
    }
  }

  /** Takes a value out again, if it still waits. */
  remove(queued: Queued<Out>): void {
    const at = this.#queue.indexOf(queued, this.#head);
    if (at < 0) return;
    this.#queue.splice(at, 1);
    this.#bytes -= this.#sizeOf(queued);
    this.#reportDropped();
  }

  /** Removes and returns all values. `rejectTaken` will reject the promise of each value, and those of `waiting` with all values. */
  take(waiting: readonly Deferred[]): Queued<Out>[] {
    const taken = this.#queue.slice(this.#head) as Queued<Out>[];
    const values = taken.map(({ value }) => value);
    for (const { value, result } of taken) if (result) this.#toReject.push({ result, values: [value] });
    for (const result of waiting) this.#toReject.push({ result, values });
    this.#queue = [];
    this.#head = 0;
    this.#bytes = 0;
    this.isCompleted = false;
    return taken;
  }

  /** Rejects the promises of values that were taken away; `cause` if there is no event. */
  rejectTaken(closeEvent: CloseEvent | null, cause?: unknown): void {
    this.#reportDropped();
    for (const { result, values } of this.#toReject.splice(0)) result.reject(new UnsentError(values, closeEvent, cause));
  }

  /** Takes the first value. Frees its place at once, and compacts when half are free: `Array.shift` is linear, and takes seconds for 100,000. */
  #shift(): Queued<Out> {
    const queued = this.#queue[this.#head] as Queued<Out>;
    this.#queue[this.#head++] = undefined;
    this.#bytes -= this.#sizeOf(queued);
    if (this.#head * 2 >= this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return queued;
  }

  /** Bytes; 0 if they are not limited, since counting reads every character. */
  #sizeOf({ data }: Queued<Out>): number {
    if (this.#limits.maxBytes === Infinity) return 0;
    return typeof data === 'string' ? utf8ByteLength(data) : data.length;
  }
}

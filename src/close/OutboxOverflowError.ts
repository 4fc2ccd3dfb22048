/**
 * `next()` refused a value because the outbox is full: thrown by that very call, and no other value is touched (S13, S15). It is also what a promise of
 * `send()` is rejected with when its value is refused, or is dropped to make room.
 *
 * Wait for `drained()`, or raise the limit (`outbox.maxValues`).
 *
 * @example
 * ```ts
 * import { OutboxOverflowError } from 'websocket-subject';
 *
 * new OutboxOverflowError({ op: 'ping' }, 1_000).message;
 * // => 'the outbox is full: it holds at most 1000 values until a connection takes them'
 * ```
 */
export class OutboxOverflowError extends Error {
  /** The value that was refused, as it was given to `next()`. */
  readonly value: unknown;
  /** The limit that it would have exceeded, in `unit`s. */
  readonly limit: number;
  /** What the limit counts. */
  readonly unit: 'values' | 'bytes';

  /**
   * @param value - the value that was refused, as it was given to `next()`
   * @param limit - the limit that it would have exceeded
   * @param unit - what the limit counts: `'values'` (default) or `'bytes'`
   */
  constructor(value: unknown, limit: number, unit: 'values' | 'bytes' = 'values') {
    super(`the outbox is full: it holds at most ${limit} ${unit} until a connection takes them`);
    this.value = value;
    this.limit = limit;
    this.unit = unit;
  }

  /** The name of the class, which minifiers leave alone. */
  override get name(): 'OutboxOverflowError' {
    return 'OutboxOverflowError';
  }
}

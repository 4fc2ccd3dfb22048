import { SocketError } from './SocketError.js';

/**
 * The outbox is full: a value was refused, or dropped to make room (S15).
 *
 * `send()` rejects with it. An Observable of `multiplex` errors with it if the value was its `subMsg()`. `next()` throws it only with `overflow: 'throw'`.
 *
 * Wait for `drained(socket)`, or raise the limit (`outbox.maxValues`).
 *
 * @example
 * ```ts
 * import { OutboxOverflowError } from 'websocket-subject';
 *
 * new OutboxOverflowError({ op: 'ping' }, 1_000).limit; // => 1000
 * ```
 */
export class OutboxOverflowError extends SocketError {
  /** The value that was refused or dropped, as it was given to `next()`. */
  declare readonly value: unknown;
  /** The limit that the value would have exceeded. */
  declare readonly limit: number;
  /** The unit of the limit. */
  declare readonly unit: 'values' | 'bytes';

  /**
   * @param value - the value that was refused or dropped, as it was given to `next()`
   * @param limit - the limit that it would have exceeded
   * @param unit - the unit of the limit: `'values'` (default) or `'bytes'`
   */
  constructor(value: unknown, limit: number, unit: 'values' | 'bytes' = 'values') {
    super(`outbox full: at most ${limit} ${unit}`, { value, limit, unit });
  }

  /** The name of the class, which minifiers keep. */
  override get name(): 'OutboxOverflowError' {
    return 'OutboxOverflowError';
  }
}

/**
 * A consumer that pulls was too slow, and its transport could not be paused: thrown to that consumer, after all that was held for it (S15).
 *
 * Take messages faster, raise `highWaterMark`, or choose an `overflow` that drops. The other subscribers of the subject go on.
 *
 * @example
 * ```ts
 * import { InboxOverflowError } from 'websocket-subject';
 *
 * new InboxOverflowError({ price: 1 }, 64).message;
 * // => 'the inbox is full: it holds at most 64 messages that were not taken yet'
 * ```
 */
export class InboxOverflowError extends Error {
  /** The message that found no room. */
  readonly data: unknown;
  /** How many messages the inbox holds. */
  readonly limit: number;

  /**
   * @param data - the message that found no room
   * @param limit - how many messages the inbox holds
   */
  constructor(data: unknown, limit: number) {
    super(`the inbox is full: it holds at most ${limit} messages that were not taken yet`);
    this.data = data;
    this.limit = limit;
  }

  /** The name of the class, which minifiers leave alone. */
  override get name(): 'InboxOverflowError' {
    return 'InboxOverflowError';
  }
}

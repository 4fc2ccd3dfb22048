import { SocketError } from './SocketError.js';

/**
 * A `for await` loop or a stream was too slow, and its transport could not be paused (S15). The consumer first receives the messages in its inbox, then
 * this error.
 *
 * Take messages faster, raise `highWaterMark`, or choose an `overflow` that drops. Other subscribers of the subject go on.
 *
 * @example
 * ```ts
 * import { InboxOverflowError } from 'websocket-subject';
 *
 * new InboxOverflowError({ price: 1 }, 64).limit; // => 64
 * ```
 */
export class InboxOverflowError extends SocketError {
  /** The message that found no room. */
  declare readonly data: unknown;
  /** How many messages the inbox holds. */
  declare readonly limit: number;

  /**
   * @param data - the message that found no room
   * @param limit - how many messages the inbox holds
   */
  constructor(data: unknown, limit: number) {
    super(`the inbox is full: ${limit} messages wait to be taken`, { data, limit });
  }

  /** The name of the class, which minifiers keep. */
  override get name(): 'InboxOverflowError' {
    return 'InboxOverflowError';
  }
}

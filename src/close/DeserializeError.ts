import { showCause } from './showCause.js';

/**
 * A frame arrived that the deserializer could not read (S14).
 *
 * With `onInvalid: 'error'`, the default, it ends the stream; with `'drop'` it is told on `warnings`.
 *
 * @example
 * ```ts
 * import { DeserializeError } from 'websocket-subject';
 *
 * new DeserializeError('{', new SyntaxError('unexpected end')).message;
 * // => 'a message could not be read: SyntaxError: unexpected end'
 * ```
 */
export class DeserializeError extends Error {
  /** The data of the frame, as the transport gave it. */
  readonly data: unknown;
  /** What the deserializer threw. */
  override readonly cause: unknown;

  /**
   * @param data - the data of the frame, as the transport gave it
   * @param cause - what the deserializer threw
   */
  constructor(data: unknown, cause: unknown) {
    super(`a message could not be read: ${showCause(cause)}`);
    this.data = data;
    this.cause = cause;
  }

  /** The name of the class, which minifiers leave alone. */
  override get name(): 'DeserializeError' {
    return 'DeserializeError';
  }
}

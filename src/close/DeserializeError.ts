import { showCause } from './showCause.js';

/**
 * A frame arrived that could not be read: the deserializer has thrown, or a schema while it validated (S14).
 *
 * With `onInvalid: 'error'`, the default, it ends the stream; with `'drop'` it is told on `warnings`. A message that a schema refuses is a `SchemaError`.
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
  /** What was thrown. */
  override readonly cause: unknown;

  /**
   * @param data - the data of the frame, as the transport gave it
   * @param cause - what was thrown
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

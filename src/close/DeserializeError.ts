import { showCause } from './showCause.js';
import { SocketError } from './SocketError.js';

/**
 * A frame could not be read: the deserializer threw (S14).
 *
 * With `onInvalid: 'error'`, the default, it ends the stream; otherwise it is reported on `warnings`. A message that a schema refuses is a
 * `SchemaError` instead.
 *
 * @example
 * ```ts
 * import { DeserializeError } from 'websocket-subject';
 *
 * new DeserializeError('{', new SyntaxError('unexpected end')).data; // => '{'
 * ```
 */
export class DeserializeError extends SocketError {
  /** The data of the frame, as the transport delivered it. */
  declare readonly data: unknown;
  /** The error that the deserializer threw. */
  declare readonly cause: unknown;

  /**
   * @param data - the data of the frame, as the transport delivered it
   * @param cause - the error that the deserializer threw
   */
  constructor(data: unknown, cause: unknown) {
    super(`unreadable ${typeof data === 'string' ? 'text' : 'binary message'} (${showCause(cause)})`, { data, cause });
  }

  /** The name of the class, which minifiers keep. */
  override get name(): 'DeserializeError' {
    return 'DeserializeError';
  }
}

import { SocketError } from './SocketError.js';

/**
 * A value cannot be sent because the serializer threw, or returned neither text nor binary data. `next()` throws it; other values are not affected (S14).
 *
 * @example
 * ```ts
 * import { SerializeError } from 'websocket-subject';
 *
 * new SerializeError(1n, new TypeError('no BigInt in JSON')).value; // => 1n
 * ```
 */
export class SerializeError extends SocketError {
  /** The value, as it was given to `next()`. */
  declare readonly value: unknown;
  /** The error that the serializer threw, or a `TypeError` if it returned neither text nor binary data. */
  declare readonly cause: unknown;

  /**
   * @param value - the value, as it was given to `next()`
   * @param cause - the error that the serializer threw
   */
  constructor(value: unknown, cause: unknown) {
    super(`cannot serialize the value: ${textOf(cause)}`, { value, cause });
  }

  /** The name of the class, which minifiers keep. */
  override get name(): 'SerializeError' {
    return 'SerializeError';
  }
}

/** The whole text: only the caller, who has the value, receives this error. Never throws. */
function textOf(cause: unknown): string {
  try {
    return String(cause);
  } catch {
    return 'an unprintable value';
  }
}

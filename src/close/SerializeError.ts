import { showCause } from './showCause.js';

/**
 * `next()` refused a value because the serializer threw: thrown by that very call, and no other value is harmed (S14).
 *
 * @example
 * ```ts
 * import { SerializeError } from 'websocket-subject';
 *
 * new SerializeError(1n, new TypeError('no BigInt in JSON')).message;
 * // => 'the value could not be serialized: TypeError: no BigInt in JSON'
 * ```
 */
export class SerializeError extends Error {
  /** The value, as it was given to `next()`. */
  readonly value: unknown;
  /** What the serializer threw. */
  override readonly cause: unknown;

  /**
   * @param value - the value, as it was given to `next()`
   * @param cause - what the serializer threw
   */
  constructor(value: unknown, cause: unknown) {
    super(`the value could not be serialized: ${showCause(cause)}`);
    this.value = value;
    this.cause = cause;
  }

  /** The name of the class, which minifiers leave alone. */
  override get name(): 'SerializeError' {
    return 'SerializeError';
  }
}

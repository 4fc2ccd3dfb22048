/**
 * The base of every error of this library: its fields are for code to read, its message is for people.
 *
 * @example
 * ```ts
 * import { SocketError, UnsentError } from 'websocket-subject';
 *
 * new UnsentError(['a'], null) instanceof SocketError; // => true
 * ```
 */
export abstract class SocketError extends Error {
  /** @internal */
  constructor(message: string, facts: object) {
    super(message);
    Object.assign(this, facts);
  }
}

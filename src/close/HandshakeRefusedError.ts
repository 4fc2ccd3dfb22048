import { SocketError } from './SocketError.js';

/**
 * The server refused the opening handshake with an HTTP status, such as 401, 429 or 503. It is the `cause` of a `CloseEvent` with code 1006, in Node
 * with `ws`. Other transports do not show the answer.
 *
 * `headers` and `body` may hold secrets, so neither `console.log` nor `JSON.stringify` shows them.
 *
 * @example
 * ```ts
 * import { HandshakeRefusedError } from 'websocket-subject';
 *
 * const error = new HandshakeRefusedError(401, {}, 'token expired');
 * error.message; // => 'HTTP 401'
 * error.body; // => 'token expired'
 * ```
 */
export class HandshakeRefusedError extends SocketError {
  /** The HTTP status of the answer. */
  declare readonly status: number;
  /** Milliseconds that a 429 or a 503 asked to wait, in its header `Retry-After`; `null` if there is no such header, or it cannot be read. */
  declare readonly retryAfter: number | null;
  /** The headers of the answer, by their names in lower case. Not enumerable. */
  declare readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The first 1,024 bytes of the body, as UTF-8; only what arrived within a second. Not enumerable. */
  declare readonly body: string;

  /**
   * @param status - the HTTP status
   * @param headers - the headers, by their names in lower case
   * @param body - the beginning of the body
   * @param retryAfter - milliseconds that the server asked to wait, or `null`
   */
  constructor(status: number, headers: HandshakeRefusedError['headers'] = {}, body = '', retryAfter: number | null = null) {
    super(`HTTP ${status}`, { status, retryAfter });
    Object.defineProperties(this, { headers: { value: headers }, body: { value: body, writable: true } });
  }

  /** The name of the class, which minifiers keep. */
  override get name(): 'HandshakeRefusedError' {
    return 'HandshakeRefusedError';
  }
}

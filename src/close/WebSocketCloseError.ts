import type { CleanCloseEvent, CloseEvent, UncleanCloseEvent } from './CloseEvent.js';
import { describeCloseCode } from './describeCloseCode.js';

/**
 * The session ended with a close that was not clean (S2).
 *
 * The event is the same object that `events` gave as its last value.
 *
 * @example
 * ```ts
 * import { CloseEvent, WebSocketCloseError } from 'websocket-subject';
 *
 * const error = new WebSocketCloseError(new CloseEvent('close', { code: 1006 }));
 * error.code; // => 1006
 * error.message; // => 'the WebSocket ended without a closing handshake: 1006 Abnormal Closure'
 * ```
 */
export class WebSocketCloseError extends Error {
  /** The end itself. */
  readonly event: CleanCloseEvent | UncleanCloseEvent;
  /** The close code of the event. */
  readonly code: CloseEvent['code'];
  /** The close reason of the event, `''` when there was none. */
  readonly reason: string;
  /** Whether the closing handshake finished. */
  readonly wasClean: boolean;
  /** What is known of why, as on the event. Often `undefined`. */
  override readonly cause: unknown;

  /** @param event - the end that is the error */
  constructor(event: CloseEvent) {
    const { code, reason, wasClean, cause } = event;
    const how = wasClean ? 'was closed' : 'ended without a closing handshake';
    super(`the WebSocket ${how}: ${code} ${describeCloseCode(code)}${reason === '' ? '' : ` (${reason})`}`);
    // Outside of tests an end comes from a stream, and then it is one of the two.
    this.event = event as CleanCloseEvent | UncleanCloseEvent;
    this.code = code;
    this.reason = reason;
    this.wasClean = wasClean;
    this.cause = cause;
  }

  /** The name of the class, which minifiers leave alone. */
  override get name(): 'WebSocketCloseError' {
    return 'WebSocketCloseError';
  }
}

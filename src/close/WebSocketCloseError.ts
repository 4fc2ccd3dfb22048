import { describeClose, type CleanCloseEvent, type CloseEvent, type UncleanCloseEvent } from './CloseEvent.js';
import { SocketError } from './SocketError.js';

/**
 * The session ended with a close that was not clean (S2).
 *
 * Its `event` is the same object that `events` emitted as its last value.
 *
 * @example
 * ```ts
 * import { CloseEvent, WebSocketCloseError } from 'websocket-subject';
 *
 * const error = new WebSocketCloseError(new CloseEvent('close', { code: 1006 }));
 * error.code; // => 1006
 * error.wasClean; // => false
 * ```
 */
export class WebSocketCloseError extends SocketError {
  /** The close event. */
  declare readonly event: CleanCloseEvent | UncleanCloseEvent;
  /** The close code of the event. */
  declare readonly code: CloseEvent['code'];
  /** The close reason of the event, `''` when there was none. */
  declare readonly reason: string;
  /** Whether the closing handshake finished. */
  declare readonly wasClean: boolean;
  /** Why, if known, as on the event. Often `undefined`. */
  declare readonly cause: unknown;

  /** @param event - the close event that is the error */
  constructor(event: CloseEvent) {
    const { code, reason, wasClean, cause } = event;
    super(describeClose(event), { event, code, reason, wasClean, cause });
  }

  /** The name of the class, which minifiers keep. */
  override get name(): 'WebSocketCloseError' {
    return 'WebSocketCloseError';
  }
}

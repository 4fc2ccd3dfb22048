import type { CloseEvent } from './CloseEvent.js';
import { SocketError } from './SocketError.js';

/**
 * Values will never be sent, because your code ended the session, or emptied the outbox of an idle subject, before a transport took them (S13). Promises of
 * `send()` and `drained()` reject with it.
 *
 * @example
 * ```ts
 * import { CloseEvent, UnsentError } from 'websocket-subject';
 *
 * const closeEvent = new CloseEvent('close', { code: 1000, wasClean: true });
 * new UnsentError([{ op: 'ping' }], closeEvent).unsent; // => [{ op: 'ping' }]
 * ```
 */
export class UnsentError extends SocketError {
  /** The value of `send()`, or all values that `drained()` waited for, as they were given to the subject. */
  declare readonly unsent: readonly unknown[];
  /** How the session ended; `null` when there was no session, or no connection that could close. */
  declare readonly closeEvent: CloseEvent | null;
  /** Why, if known: the `cause` of the event, or the error of the transport's constructor. Often `undefined`. */
  declare readonly cause: unknown;

  /**
   * @param unsent - the values, as they were given to the subject
   * @param closeEvent - how the session ended, or `null`
   * @param cause - why; by default the cause of the event
   */
  constructor(unsent: readonly unknown[], closeEvent: CloseEvent | null, cause: unknown = closeEvent?.cause) {
    super(`${unsent.length} unsent: ${String(closeEvent ?? 'no connection')}`, { unsent, closeEvent, cause });
  }

  /** The name of the class, which minifiers keep. */
  override get name(): 'UnsentError' {
    return 'UnsentError';
  }
}

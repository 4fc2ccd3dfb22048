import type { CloseEvent } from './CloseEvent.js';

/**
 * Values will not be sent any more: what a promise of `send()` or `drained()` is rejected with when the program has ended the session, or emptied
 * the outbox of an idle subject, before a transport took them (S13).
 *
 * @example
 * ```ts
 * import { CloseEvent, UnsentError } from 'websocket-subject';
 *
 * const closeEvent = new CloseEvent('close', { code: 1000, wasClean: true });
 * new UnsentError([{ op: 'ping' }], closeEvent).message;
 * // => '1 value was not sent: the session has ended (CloseEvent: 1000 Normal Closure, clean)'
 * ```
 */
export class UnsentError extends Error {
  /** The value of `send()`, or all that `drained()` had waited for, as they were given to the subject. */
  readonly unsent: readonly unknown[];
  /** How the session ended; `null` when there was no session, or no connection that could close. */
  readonly closeEvent: CloseEvent | null;
  /** What is known of why: the `cause` of the event, or what the transport's constructor threw. Often `undefined`. */
  override readonly cause: unknown;

  /**
   * @param unsent - the values, as they were given to the subject
   * @param closeEvent - how the session ended, or `null`
   * @param cause - what is known of why; that of the event by default
   */
  constructor(unsent: readonly unknown[], closeEvent: CloseEvent | null, cause: unknown = closeEvent?.cause) {
    const what = unsent.length === 1 ? '1 value was' : `${unsent.length} values were`;
    super(`${what} not sent: ${closeEvent === null ? 'there was no connection' : `the session has ended (${String(closeEvent)})`}`);
    this.unsent = unsent;
    this.closeEvent = closeEvent;
    this.cause = cause;
  }

  /** The name of the class, which minifiers leave alone. */
  override get name(): 'UnsentError' {
    return 'UnsentError';
  }
}

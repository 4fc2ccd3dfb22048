import type { CloseEvent } from '../close/CloseEvent.js';

/** What a policy is told about the end of a connection and the retry to come. */
export interface ReconnectAttempt {
  /** The end that raises the question, clean or not. */
  readonly closeEvent: CloseEvent;
  /** The number of the retry to come: 1 for the first one after a stable connection, or after the session began. */
  readonly attempt: number;
  /** Milliseconds since the last stable connection ended, or since the session began when there was none. */
  readonly elapsed: number;
  /** For how many milliseconds the connection that ended had been open; 0 when it never was. */
  readonly uptime: number;
  /** The milliseconds that were waited before the connection that ended, or `null` when nothing was. */
  readonly previousDelay: number | null;
}

/**
 * When to reconnect: a pure function from what just ended to the milliseconds to wait, or `null` to stop.
 *
 * Policies are values: they compose (`atMost(5, exponential())`) and can be tested without a socket and without a clock. A policy of your
 * own must be pure too, since it may be asked any number of times, and give a number from 0 to 2147483647, or `null`.
 *
 * @example
 * ```ts
 * import type { ReconnectPolicy } from 'websocket-subject';
 *
 * // At once after an hour of work, else ten seconds for every retry so far.
 * const patient: ReconnectPolicy = ({ attempt, uptime }) => (uptime > 3_600_000 ? 0 : attempt * 10_000);
 * ```
 */
export type ReconnectPolicy = (attempt: ReconnectAttempt) => number | null;

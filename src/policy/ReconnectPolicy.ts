import type { CloseEvent } from '../close/CloseEvent.js';

/** Describes the end of a connection and the next retry to a policy. */
export interface ReconnectAttempt {
  /** The close to decide on, clean or not. */
  readonly closeEvent: CloseEvent;
  /** The number of the next retry: 1 for the first one after a stable connection, or after the session began. */
  readonly attempt: number;
  /** How many closes in a row, this one included, had the same code and the same `httpStatus`. */
  readonly repeats: number;
  /** Milliseconds since the last stable connection ended, or since the session began when there was none. */
  readonly elapsed: number;
  /** How many milliseconds the connection that ended had been open; 0 when it never was. */
  readonly uptime: number;
  /** The wait before the connection that ended, in milliseconds; `null` when there was none. */
  readonly previousDelay: number | null;
  /** @internal The randomness of the subject's environment. */
  readonly random?: (() => number) | undefined;
}

/**
 * Decides when to reconnect: a pure function that returns the milliseconds to wait after a close, or `null` to stop.
 *
 * Policies compose (`atMost(5, exponential())`), and you can test them without a socket or a clock. A policy of your own must be pure, since it may be
 * called any number of times. It must return a number from 0 to 2147483647, or `null`.
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

import { requireFunction } from '../config/checkArguments.js';
import { knownPolicy } from './knownPolicy.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';
import { requireNumber } from './requireNumber.js';

/**
 * Follows another policy until a time has passed without a stable connection, then stops.
 *
 * The time is `elapsed`: since the last stable connection ended, or since the session began when there was none. It is checked only when a connection ends:
 * a delay that begins before the limit runs to its end, and its attempt is made, even after the limit. Once the time has passed, the other policy is not
 * called.
 *
 * @param ms - milliseconds; any finite number, 0 (never reconnect) or more, since no timer waits for it
 * @param policy - decides how long to wait for each retry
 * @throws `TypeError` when `ms` is not a number, or `policy` not a function; `RangeError` when `ms` is `NaN`, negative or infinite
 *
 * @example
 * ```ts
 * import { CloseEvent, after, within } from 'websocket-subject';
 *
 * const closeEvent = new CloseEvent('close', { code: 1006 });
 * const policy = within(60_000, after(1_000));
 * policy({ closeEvent, attempt: 9, repeats: 1, elapsed: 59_999, uptime: 0, previousDelay: 1_000 }); // => 1000
 * policy({ closeEvent, attempt: 10, repeats: 1, elapsed: 60_000, uptime: 0, previousDelay: 1_000 }); // => null
 * ```
 */
export function within(ms: number, policy: ReconnectPolicy): ReconnectPolicy {
  requireNumber('within: ms', ms, ms >= 0 && ms < Infinity, 'finite milliseconds, 0 or more');
  requireFunction('within: policy', policy);
  return knownPolicy({ name: 'within', given: [ms, policy], maxElapsed: ms }, (attempt) => (attempt.elapsed >= ms ? null : policy(attempt)));
}

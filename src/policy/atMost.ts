import { requireFunction } from '../config/checkArguments.js';
import { knownPolicy } from './knownPolicy.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';
import { requireNumber } from './requireNumber.js';

/**
 * Follows another policy for a number of retries in a row, then stops.
 *
 * A connection that stayed open for `stableAfter` resets the count (S8): the limit is for one failure, not for a session. Once the retries are used up,
 * the other policy is not called.
 *
 * @param times - how many consecutive retries to allow; an integer, 0 (never reconnect) or more
 * @param policy - decides how long to wait for each of them
 * @throws `TypeError` when `times` is not a number, or `policy` not a function; `RangeError` when `times` is negative or not an integer
 *
 * @example
 * ```ts
 * import { CloseEvent, after, atMost } from 'websocket-subject';
 *
 * const closeEvent = new CloseEvent('close', { code: 1011, wasClean: true });
 * const policy = atMost(2, after(100));
 * const ask = (attempt: number) => policy({ closeEvent, attempt, repeats: 1, elapsed: 0, uptime: 0, previousDelay: null });
 * [1, 2, 3].map(ask); // => [100, 100, null]
 * ```
 */
export function atMost(times: number, policy: ReconnectPolicy): ReconnectPolicy {
  requireNumber('atMost: times', times, Number.isSafeInteger(times) && times >= 0, 'an integer, 0 or more');
  requireFunction('atMost: policy', policy);
  return knownPolicy({ name: 'atMost', given: [times, policy], maxRetries: times }, (attempt) => (attempt.attempt > times ? null : policy(attempt)));
}

import { showValue } from '../close/showValue.js';
import { described, descriptionOf } from './described.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';
import { requireFunction } from './requireFunction.js';

/**
 * Does what another policy says for a number of retries in a row, and then stops.
 *
 * A connection that stayed open for `stableAfter` starts the count again (S8): it limits the retries after one failure, not those of a
 * session. The other policy is not asked any more once the retries are used up.
 *
 * @param times - how many consecutive retries there may be; an integer from 0 (never reconnect) up
 * @param policy - says how long to wait for each of them
 * @throws `TypeError` when `times` is not a number, or `policy` not a function; `RangeError` when `times` is negative or not an integer
 *
 * @example
 * ```ts
 * import { CloseEvent, after, atMost } from 'websocket-subject';
 *
 * const closeEvent = new CloseEvent('close', { code: 1011, wasClean: true });
 * const policy = atMost(2, after(100));
 * const ask = (attempt: number) => policy({ closeEvent, attempt, elapsed: 0, uptime: 0, previousDelay: null });
 * [1, 2, 3].map(ask); // => [100, 100, null]
 * ```
 */
export function atMost(times: number, policy: ReconnectPolicy): ReconnectPolicy {
  const problem = `atMost(times, policy): times must be an integer of 0 or more, not ${showValue(times)}`;
  if (typeof times !== 'number') throw new TypeError(problem);
  if (!Number.isSafeInteger(times) || times < 0) throw new RangeError(problem);
  requireFunction('atMost(times, policy): policy', policy);
  const inner = descriptionOf(policy);
  return described(
    (attempt) => (attempt.attempt > times ? null : policy(attempt)),
    ['atMost', times, policy],
    (from, to) => (from > times ? null : inner?.delays(from, Math.min(to, times))),
    Math.min(times, inner?.maxRetries ?? times),
    inner?.maxElapsed,
    inner?.maxHint,
  );
}

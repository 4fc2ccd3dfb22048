import { showValue } from '../close/showValue.js';
import { described, descriptionOf } from './described.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';
import { requireFunction } from './requireFunction.js';

/**
 * Does what another policy says until a time has passed without a stable connection, and then stops.
 *
 * The time is `elapsed`: since the last stable connection ended, or since the session began when there was none. Only what has passed when
 * a connection ends counts: a delay that begins in time is waited to its end and its connection is tried, though that may be later. The
 * other policy is not asked any more once the time has passed.
 *
 * @param ms - milliseconds; any finite number from 0 (never reconnect) up, since nothing waits for it
 * @param policy - says how long to wait for each retry
 * @throws `TypeError` when `ms` is not a number, or `policy` not a function; `RangeError` when `ms` is `NaN`, negative or infinite
 *
 * @example
 * ```ts
 * import { CloseEvent, after, within } from 'websocket-subject';
 *
 * const closeEvent = new CloseEvent('close', { code: 1006 });
 * const policy = within(60_000, after(1_000));
 * policy({ closeEvent, attempt: 9, elapsed: 59_999, uptime: 0, previousDelay: 1_000 }); // => 1000
 * policy({ closeEvent, attempt: 10, elapsed: 60_000, uptime: 0, previousDelay: 1_000 }); // => null
 * ```
 */
export function within(ms: number, policy: ReconnectPolicy): ReconnectPolicy {
  const problem = `within(ms, policy): ms must be a finite number of milliseconds, 0 or more, not ${showValue(ms)}`;
  if (typeof ms !== 'number') throw new TypeError(problem);
  if (!(ms >= 0 && ms < Infinity)) throw new RangeError(problem);
  requireFunction('within(ms, policy): policy', policy);
  const inner = descriptionOf(policy);
  return described(
    (attempt) => (attempt.elapsed >= ms ? null : policy(attempt)),
    ['within', ms, policy],
    (from, to) => (ms === 0 ? null : inner?.delays(from, to)),
    ms === 0 ? 0 : inner?.maxRetries,
    Math.min(ms, inner?.maxElapsed ?? ms),
    inner?.maxHint,
  );
}

import { requireDelay } from '../config/checkArguments.js';
import { knownPolicy } from './knownPolicy.js';
import { delayDrawer, type RandomSource } from './RandomSource.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';
import { requireNumber } from './requireNumber.js';

/**
 * Reconnects after a random delay between two bounds, a new one for each retry, without a limit.
 *
 * After a restart it spreads the clients over the time between the bounds. The registration of 1012, Service Restart, asks for `between(5_000, 30_000)`.
 * The delay does not grow with the attempts.
 *
 * @param min - the shortest delay in milliseconds, from 0 to 2147483647
 * @param max - the longest delay in milliseconds, from `min` to 2147483647
 * @param options - `random`: the source of randomness, `Math.random` by default
 * @returns a policy that returns milliseconds from `min` to `max`, whole ones when the bounds are
 * @throws `TypeError` when a bound is not a number, or `random` not a function
 * @throws `RangeError` when a bound is `NaN`, negative or too long, or `min` is above `max`
 *
 * @example
 * ```ts
 * import { CloseEvent, between } from 'websocket-subject';
 *
 * const closeEvent = new CloseEvent('close', { code: 1012, wasClean: true });
 * const policy = between(5_000, 30_000, { random: () => 0.5 });
 * policy({ closeEvent, attempt: 1, repeats: 1, elapsed: 0, uptime: 0, previousDelay: null }); // => 17500
 * ```
 */
export function between(min: number, max: number, options: RandomSource = {}): ReconnectPolicy {
  requireDelay('between: min', min);
  requireDelay('between: max', max);
  requireNumber('between: max', max, max >= min, `min (${min}) or more`);
  const draw = delayDrawer('between', options);
  return knownPolicy({ name: 'between', given: [min, max], bounds: () => ({ min, max }) }, (attempt) => draw({ min, max }, attempt));
}

import { described } from './described.js';
import { drawDelay } from './drawDelay.js';
import type { RandomSource } from './RandomSource.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';
import { requireDelay } from './requireDelay.js';
import { requireFunction } from './requireFunction.js';
import { requireOptions } from './requireOptions.js';

/**
 * Reconnects after a random delay between two bounds, drawn anew every time, without an end.
 *
 * It spreads the clients that lost the same server over the time between: `between(5_000, 30_000)` is what the registration of 1012,
 * Service Restart, asks for. The delay does not grow with the attempts.
 *
 * @param min - milliseconds, the least; from 0 to 2147483647
 * @param max - milliseconds, the most; from `min` to 2147483647
 * @param options - `random`: the source of chance, `Math.random` by default
 * @returns a policy that gives milliseconds from `min` to `max`, whole ones when the bounds are
 * @throws `TypeError` when a bound is not a number, or `random` not a function
 * @throws `RangeError` when a bound is `NaN`, negative or too long, or `min` is above `max`
 *
 * @example
 * ```ts
 * import { CloseEvent, between } from 'websocket-subject';
 *
 * const closeEvent = new CloseEvent('close', { code: 1012, wasClean: true });
 * const policy = between(5_000, 30_000, { random: () => 0.5 });
 * policy({ closeEvent, attempt: 1, elapsed: 0, uptime: 0, previousDelay: null }); // => 17500
 * ```
 */
export function between(min: number, max: number, options?: RandomSource): ReconnectPolicy {
  const least = requireDelay('between(min, max): min', min);
  const most = requireDelay('between(min, max): max', max);
  if (least > most) throw new RangeError(`between(min, max): min must not be above max, but ${min} is above ${max}`);
  const { random = () => Math.random() } = requireOptions('between(min, max, options): options', options);
  requireFunction('between(min, max, options): random', random);
  return described(
    () => drawDelay(least, most, random),
    ['between', least, most],
    () => ({ min: least, max: most }),
  );
}

import { requireDelay } from '../config/checkArguments.js';
import { knownPolicy } from './knownPolicy.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';

/**
 * Reconnects after the same delay every time, without a limit.
 *
 * It does not spread clients: after a restart all of them reconnect together. For more than a few clients use `between` or `exponential`.
 *
 * @param ms - milliseconds to wait, from 0 to 2147483647
 * @throws `TypeError` when `ms` is not a number; `RangeError` when it is `NaN`, negative or too long
 *
 * @example
 * ```ts
 * import { CloseEvent, after } from 'websocket-subject';
 *
 * const closeEvent = new CloseEvent('close', { code: 1006 });
 * after(500)({ closeEvent, attempt: 1, repeats: 1, elapsed: 0, uptime: 0, previousDelay: null }); // => 500
 * ```
 */
export function after(ms: number): ReconnectPolicy {
  const delay = requireDelay('after: ms', ms);
  return knownPolicy({ name: 'after', given: [delay], bounds: () => ({ min: delay, max: delay }) }, () => delay);
}

import { showValue } from '../close/showValue.js';
import { requireDelay } from '../config/checkArguments.js';
import { knownPolicy } from './knownPolicy.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';

/**
 * Reconnects after the listed delays, one per retry, and stops when the list is used up.
 *
 * The n-th retry waits for the n-th delay. The list is copied: changing it later changes nothing. There is no randomness in it.
 *
 * @param delays - milliseconds, each from 0 to 2147483647; at least one
 * @throws `TypeError` when it is not an array, or is empty, or an element is not a number
 * @throws `RangeError` when an element is `NaN`, negative or too long
 *
 * @example
 * ```ts
 * import { CloseEvent, sequence } from 'websocket-subject';
 *
 * const closeEvent = new CloseEvent('close', { code: 1006 });
 * const policy = sequence([0, 1_000, 5_000]);
 * const ask = (attempt: number) => policy({ closeEvent, attempt, elapsed: 0, uptime: 0, previousDelay: null });
 * [1, 2, 3, 4].map(ask); // => [0, 1000, 5000, null]
 * ```
 */
export function sequence(delays: readonly number[]): ReconnectPolicy {
  if (!Array.isArray(delays) || delays.length === 0) {
    throw new TypeError(`sequence(delays): delays must be an array with at least one element, not ${showValue(delays)}`);
  }
  const list = Array.from(delays, (delay: unknown, index) => requireDelay(`sequence(delays): delays[${index}]`, delay));
  return knownPolicy(({ attempt }) => list[Math.max(attempt, 1) - 1] ?? null, 'sequence', list);
}

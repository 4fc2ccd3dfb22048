import { requireDelay } from '../config/checkArguments.js';
import { knownPolicy } from './knownPolicy.js';
import type { DelayBounds } from './PolicyExplanation.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';

/**
 * Reconnects after the listed delays, one per retry, and stops when the list is used up.
 *
 * The n-th retry waits for the n-th delay. The list is copied: changing it later changes nothing. It has no randomness.
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
 * const ask = (attempt: number) => policy({ closeEvent, attempt, repeats: 1, elapsed: 0, uptime: 0, previousDelay: null });
 * [1, 2, 3, 4].map(ask); // => [0, 1000, 5000, null]
 * ```
 */
export function sequence(delays: readonly number[]): ReconnectPolicy {
  if (!Array.isArray(delays) || delays.length === 0) throw new TypeError('sequence: delays must be an array with at least one element');
  const list = Array.from(delays, (delay: unknown, index) => requireDelay(`sequence: delays[${index}]`, delay));
  const bounds = (from: number, to: number): DelayBounds => ({ min: Math.min(...list.slice(from - 1, to)), max: Math.max(...list.slice(from - 1, to)) });
  return knownPolicy({ name: 'sequence', given: [list], maxRetries: list.length, bounds }, ({ attempt }) => list[attempt - 1] ?? null);
}

import type { ReconnectAttempt } from './ReconnectPolicy.js';

/**
 * Returns a random number of whole milliseconds from `min` to `max`.
 *
 * @param min - milliseconds, the least
 * @param max - milliseconds, the most; not below `min`
 * @param attempt - the attempt whose source of randomness is used where no other is given
 * @param random - returns a number from 0 to 1. Values outside are clamped, and `NaN` counts as 1, the longest wait: a broken source must not
 *   make many clients reconnect at once
 *
 * @internal
 */
export function drawDelay(min: number, max: number, attempt: ReconnectAttempt, random: () => number = attempt.random ?? Math.random): number {
  const drawn = random();
  const share = drawn >= 0 && drawn < 1 ? drawn : drawn < 0 ? 0 : 1;
  return Math.max(min, Math.floor(min + share * (max - min)));
}

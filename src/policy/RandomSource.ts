import { requireFunction, requireOptions } from '../config/checkArguments.js';
import type { DelayBounds } from './PolicyExplanation.js';
import type { ReconnectAttempt } from './ReconnectPolicy.js';

/** The source of randomness of a policy. */
export interface RandomSource {
  /**
   * Returns a number from 0 up to, but not including, 1. Default `Math.random`.
   *
   * A source that returns something else cannot break a delay: numbers below 0 count as 0; numbers above 1 and everything else count as 1.
   */
  random?: () => number;
}

/**
 * Returns a function that draws a random number of whole milliseconds between two bounds.
 *
 * @param policy - the name of the policy, for errors
 * @param options - those of the policy; without a source of its own it uses that of the attempt, else `Math.random`
 * @throws `TypeError` when the options are not an object, or `random` is not a function
 *
 * @internal
 */
export function delayDrawer(policy: string, options: RandomSource): (bounds: DelayBounds, attempt: ReconnectAttempt) => number {
  const { random } = requireOptions(`${policy}: options`, options);
  if (random !== undefined) requireFunction(`${policy}: random`, random);
  return ({ min, max }, attempt) => {
    const drawn = (random ?? attempt.random ?? Math.random)();
    // Anything but a number counts as 1, the longest wait: a broken source must not make many clients reconnect at once.
    const share = drawn < 1 ? Math.max(drawn, 0) : 1;
    return Math.max(min, Math.floor(min + share * (max - min)));
  };
}

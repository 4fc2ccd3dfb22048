import { showValue } from '../close/showValue.js';
import { maxDelay } from './maxDelay.js';

/**
 * The value itself when it is a delay that can be waited, else a throw that names the argument, the value and what is allowed.
 *
 * @param argument - the argument as the caller knows it, such as `'after(ms)'`
 * @param value - what was given
 * @returns milliseconds from 0 to 2147483647
 * @throws `TypeError` when it is not a number; `RangeError` when it is `NaN`, negative or too long
 *
 * @internal
 */
export function requireDelay(argument: string, value: unknown): number {
  const problem = `${argument} must be a number of milliseconds from 0 to ${maxDelay}, not ${showValue(value)}`;
  if (typeof value !== 'number') throw new TypeError(problem);
  if (!(value >= 0 && value <= maxDelay)) throw new RangeError(problem);
  return value + 0; // -0 becomes 0
}

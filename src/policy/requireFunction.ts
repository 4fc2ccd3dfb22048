import { showValue } from '../close/showValue.js';

/**
 * The value itself when it is a function, else a throw that names the argument and the value.
 *
 * @param argument - the argument as the caller knows it, such as `'within(ms, policy): policy'`
 * @param value - what was given
 * @throws `TypeError` when it is not a function
 *
 * @internal
 */
export function requireFunction<F>(argument: string, value: F): F {
  if (typeof value !== 'function') throw new TypeError(`${argument} must be a function, not ${showValue(value)}`);
  return value;
}

import { showValue } from '../close/showValue.js';

/**
 * Throws unless the value is a number and allowed.
 *
 * @param argument - the argument as the caller knows it, such as `'within: ms'`
 * @param allowed - the allowed numbers in words
 * @throws `RangeError` for a number that is not allowed; `TypeError` for anything else
 *
 * @internal
 */
export function requireNumber(argument: string, value: number, isAllowed: boolean, allowed: string): void {
  const isNumber = typeof value === 'number';
  if (!isNumber || !isAllowed) throw new (isNumber ? RangeError : TypeError)(`${argument} must be ${allowed}, not ${showValue(value)}`);
}

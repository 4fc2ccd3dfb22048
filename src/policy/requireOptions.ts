import { showValue } from '../close/showValue.js';

/**
 * The options when they are an object or left out, else a throw that names the function and the value.
 *
 * @param policy - the function as the caller knows it, such as `'exponential(options)'`
 * @param options - what was given
 * @throws `TypeError` when it is something else than an object or `undefined`
 *
 * @internal
 */
export function requireOptions<O extends object>(policy: string, options: O | null | undefined): Partial<O> {
  if (options === undefined) return {};
  if (typeof options !== 'object' || options === null) throw new TypeError(`${policy} must be an object, not ${showValue(options)}`);
  return options;
}

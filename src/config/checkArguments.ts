import { showValue } from '../close/showValue.js';

/**
 * The longest time that timers can wait, in milliseconds (24.8 days): a longer one would fire at once.
 *
 * @internal
 */
export const maxDelay = 2 ** 31 - 1;

/** @internal Returns whether the value is an object, `null` and functions excluded. */
export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** @internal Returns whether the value is a promise, or what `await` takes for one. */
export const isPromiseLike = (value: unknown): value is PromiseLike<unknown> => isFunction((value as { then?: unknown } | null | undefined)?.then);

/** @internal Handles the rejection of a promise that was passed where none is allowed. */
export const ignoreRejection = (value: unknown): void => void Promise.resolve(value).catch(() => undefined);

/** @internal Returns whether the value is a function. */
export const isFunction = (value: unknown): boolean => typeof value === 'function';

/** @internal Returns whether the value is a number of milliseconds above 0 that a timer can wait. */
export const isTimeout = (value: unknown): boolean => typeof value === 'number' && value > 0 && value <= maxDelay;

/**
 * Returns the value when it is a delay that a timer can wait, else throws.
 *
 * @param argument - the argument as the caller knows it, such as `'after(ms)'`
 * @throws `TypeError` when it is not a number; `RangeError` when it is `NaN`, negative or too long
 *
 * @internal
 */
export function requireDelay(argument: string, value: unknown): number {
  const isNumber = typeof value === 'number';
  if (isNumber && value >= 0 && value <= maxDelay) return value + 0; // -0 becomes 0
  throw new (isNumber ? RangeError : TypeError)(`${argument} must be milliseconds from 0 to ${maxDelay}, not ${showValue(value)}`);
}

/**
 * Returns the value when it is a timeout, or `undefined` for none; else throws a `RangeError`.
 *
 * @param argument - the argument as the caller knows it, such as `'heartbeat: every'`
 *
 * @internal
 */
export function requireTimeout<T>(argument: string, value: T): T {
  if (value === undefined || isTimeout(value)) return value;
  throw new RangeError(`${argument} must be milliseconds above 0, up to ${maxDelay}, not ${showValue(value)}`);
}

/**
 * Returns the value when it is a function, else throws a `TypeError`.
 *
 * @param argument - the argument as the caller knows it, such as `'within(ms, policy): policy'`
 *
 * @internal
 */
export function requireFunction<F>(argument: string, value: F): F {
  if (typeof value !== 'function') throw new TypeError(`${argument} must be a function, not ${showValue(value)}`);
  return value;
}

/**
 * Returns the options when they are an object or left out, else throws a `TypeError`.
 *
 * @param argument - the options as the caller knows them, such as `'exponential(options)'`
 *
 * @internal
 */
export function requireOptions<O extends object>(argument: string, options: O | undefined): Partial<O> {
  if (options === undefined) return {};
  if (!isObject(options)) throw new TypeError(`${argument} must be an object, not ${showValue(options)}`);
  return options;
}

import { showValue } from '../close/showValue.js';

/** A test for a value, and a description of the values that pass it. */
export type Check = readonly [isAllowed: (value: unknown) => boolean, allowed: string];

/**
 * Returns a copy of the options without the keys that are `undefined`, which count as left out.
 *
 * @param where - begins the message of an error
 * @throws `TypeError` for an unknown key or a value that is not allowed; it names the key and what is allowed
 *
 * @internal
 */
export function checkOptions<Options extends object>(where: string, options: Options, checks: Readonly<Record<string, Check>>): Partial<Options> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [key, value] of entries) {
    if (!Object.hasOwn(checks, key)) throw new TypeError(`${where}: no option '${key}', only ${Object.keys(checks).join(', ')}`);
    const [isAllowed, allowed] = checks[key] as Check;
    if (!isAllowed(value)) throw new TypeError(`${where}: '${key}' must be ${allowed}, not ${showValue(value)}`);
  }
  return Object.fromEntries(entries) as Partial<Options>;
}

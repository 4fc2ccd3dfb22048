import { showValue } from '../close/showValue.js';
import { requireFunction } from '../config/checkArguments.js';
import type { CodeTable } from './CodeTable.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';

/**
 * The highest code that a table can name: browsers let through codes that no server may send, up to what two bytes on the wire can hold.
 *
 * @internal
 */
export const maxCode = 65_535;

/** One entry of a table. */
export interface CodeEntry {
  /** As the table has it: `'4401'`, `'4000-4099'`. */
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly policy: ReconnectPolicy;
}

/**
 * Returns a function that looks a code up in the table: the exact code first, then the narrowest range, or `undefined` when it has none.
 *
 * The table is copied: changing it later changes nothing.
 *
 * @throws `TypeError` when it is not a plain object, or when it has a key that is neither a code nor a range, a value that is not a function, or
 *   ranges that cross; the message names the first of them
 *
 * @internal
 */
export function readCodeTable(table: CodeTable): (code: number) => CodeEntry | undefined {
  if (Object.prototype.toString.call(table) !== '[object Object]') throw new TypeError(`the table of close codes must be an object, not ${showValue(table)}`);
  const entries = Object.entries(table as Readonly<Record<string, ReconnectPolicy>>).map(([key, policy]): CodeEntry => {
    // Only the way a number is usually written: `'04401'` and `'4401.0'` would stand beside `4401` as other keys.
    const [from = NaN, to = from] = /^(0|[1-9]\d*)(-(0|[1-9]\d*))?$/.test(key) ? key.split('-').map(Number) : [];
    if (!(from <= to && to <= maxCode)) throw new TypeError(`the table of close codes: "${key}" is neither a code nor a range from 0 to ${maxCode}`);
    return { key, from, to, policy: requireFunction(`the table of close codes: "${key}"`, policy) };
  });
  for (const { key, from, to } of entries) {
    const other = entries.find((one) => from < one.from && one.from <= to && to < one.to);
    if (other) throw new TypeError(`the table of close codes: "${key}" and "${other.key}" cross`);
  }
  // Ranges that hold the same code are nested, so the narrowest is the innermost. A code stays before a range of that code alone, as objects list it.
  entries.sort((a, b) => a.to - a.from - (b.to - b.from));
  return (code) => entries.find(({ from, to }) => from <= code && code <= to);
}


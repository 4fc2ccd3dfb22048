import { showValue } from '../close/showValue.js';
import type { CodeTable } from './CodeTable.js';
import { maxCode } from './maxCode.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';

/** One entry of a table. */
export interface CodeEntry {
  /** As the table has it: `'4401'`, `'4000-4099'`. */
  readonly key: string;
  readonly policy: ReconnectPolicy;
}

interface CodeRange extends CodeEntry {
  readonly from: number;
  readonly to: number;
}

/**
 * Returns a function that looks a code up in the table: the exact code first, then the narrowest range, or `undefined` when it has none.
 *
 * The table is copied: changing it later changes nothing.
 *
 * @throws `TypeError` when it is not a plain object, or when it has keys that are neither a code nor a range, values that are no
 *   functions, reversed ranges, or ranges that cross; the message names all of them
 *
 * @internal
 */
export function readCodeTable(table: CodeTable): (code: number) => CodeEntry | undefined {
  if (Object.prototype.toString.call(table) !== '[object Object]') {
    throw new TypeError(`the table of close codes must be an object such as { 4401: stop }, not ${showValue(table)}`);
  }
  const ranges: CodeRange[] = [];
  const problems: string[] = [];
  for (const [key, policy] of Object.entries(table as Readonly<Record<string, ReconnectPolicy>>)) {
    // Only the way a number is usually written: `'04401'` and `'4401.0'` would stand beside `4401` as other keys.
    const [from = NaN, to = from] = /^(0|[1-9]\d{0,4})(-(0|[1-9]\d{0,4}))?$/.test(key) ? key.split('-').map(Number) : [];
    if (!(from <= maxCode && to <= maxCode)) problems.push(`${showValue(key)} is neither a close code (0 to ${maxCode}) nor a range ('4000-4099')`);
    else if (from > to) problems.push(`${showValue(key)} is reversed`);
    else if (typeof policy !== 'function') problems.push(`the policy for ${showValue(key)} must be a function, not ${showValue(policy)}`);
    else ranges.push({ key, from, to, policy });
  }
  problems.push(...crossings(ranges));
  if (problems.length > 0) throw new TypeError(`the table of close codes: ${problems.join('; ')}`);

  // Ranges that hold the same code are nested, so the narrowest is the innermost. A code comes before a range of that code alone.
  ranges.sort((a, b) => a.to - a.from - (b.to - b.from) || a.key.length - b.key.length);
  return (code) => ranges.find(({ from, to }) => from <= code && code <= to);
}

function crossings(ranges: readonly CodeRange[]): string[] {
  return ranges.flatMap((outer) =>
    ranges
      .filter((inner) => outer.from < inner.from && inner.from <= outer.to && outer.to < inner.to)
      .map((inner) => `${showValue(outer.key)} and ${showValue(inner.key)} cross`),
  );
}

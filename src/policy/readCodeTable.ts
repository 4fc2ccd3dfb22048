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
 * A table made ready to be asked: gives the entry for a code, exact code first, then the narrowest range, or `undefined` when it has none.
 *
 * The table is copied: changing it later changes nothing.
 *
 * @param table - the table
 * @returns the look-up
 * @throws `TypeError` when it is not a plain object, or when it has keys that are neither a code nor a range, values that are no
 *   functions, reversed ranges, or ranges that cross; the message names all of them
 *
 * @internal
 */
export function readCodeTable(table: CodeTable): (code: number) => CodeEntry | undefined {
  if (Object.prototype.toString.call(table) !== '[object Object]') {
    throw new TypeError(`the table of close codes must be an object such as { 4401: stop }, not ${showValue(table)}`);
  }
  const exact = new Map<number, CodeEntry>();
  const ranges: CodeRange[] = [];
  const problems: string[] = [];

  for (const [key, policy] of Object.entries(table as Readonly<Record<string, ReconnectPolicy>>)) {
    const [from, to = from, ...more] = key.split('-').map(readCode);
    if (from === undefined || to === undefined || Number.isNaN(from + to) || more.length > 0) {
      problems.push(`${showValue(key)} is neither a close code (0 to ${maxCode}) nor a range of them (such as '4000-4099')`);
    } else if (from > to) {
      problems.push(`${showValue(key)} is reversed`);
    } else if (typeof policy !== 'function') {
      problems.push(`the policy for ${showValue(key)} must be a function, not ${showValue(policy)}`);
    } else if (key.includes('-')) {
      ranges.push({ key, from, to, policy });
    } else {
      exact.set(from, { key, policy });
    }
  }
  problems.push(...crossings(ranges));
  if (problems.length > 0) throw new TypeError(`the table of close codes cannot be used: ${problems.join('; ')}`);

  // Ranges that hold the same code are nested, so the narrowest is the innermost.
  ranges.sort((a, b) => a.to - a.from - (b.to - b.from));
  return (code) => exact.get(code) ?? ranges.find(({ from, to }) => from <= code && code <= to);
}

/** Only the way a number is usually written: `'04401'` and `'4401.0'` would stand beside `4401` as other keys. */
function readCode(text: string): number {
  return /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= maxCode ? Number(text) : NaN;
}

function crossings(ranges: readonly CodeRange[]): string[] {
  const ordered = [...ranges].sort((a, b) => a.from - b.from || b.to - a.to);
  return ordered.flatMap((outer, index) =>
    ordered
      .slice(index + 1)
      .filter((inner) => outer.from < inner.from && inner.from <= outer.to && outer.to < inner.to)
      .map((inner) => `${showValue(outer.key)} and ${showValue(inner.key)} cross`),
  );
}

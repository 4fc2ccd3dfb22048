import type { DelayBounds, PolicyEntry } from './PolicyExplanation.js';

/**
 * Returns entries as a table to read, in aligned columns or in Markdown.
 *
 * @internal
 */
export function showEntries(entries: readonly PolicyEntry[], format: 'text' | 'markdown'): string {
  const isText = format === 'text';
  const rows = entries.map((entry) => [
    entry.from === entry.to ? String(entry.from) : `${entry.from}-${entry.to}`,
    entry.name,
    showDecision(entry),
    isText ? entry.policy : `\`${entry.policy}\``,
    entry.key === null ? entry.decidedBy : `table: ${entry.key}`,
    entry.isSendable ? 'yes' : 'no',
  ]);
  const lines = isText ? inColumns([header, ...rows]) : [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  if (entries.some(({ from, decidedBy }) => from === 0 && decidedBy !== 'function')) lines.push('', 'An unclean end with code 0 is looked up as 1006.');
  return lines.join('\n');
}

function inColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
}

const header = ['code', 'meaning', 'decision', 'policy', 'decided by', 'may be sent'];

function showDecision({ decision, delays, laterDelays, maxRetries, maxElapsed, maxHint, maxRefusals }: PolicyEntry): string {
  if (decision === 'stop') return 'stop';
  const parts = [decision === 'retry' ? `retry after ${showDelays(laterDelays ? [...delays, laterDelays] : delays)}` : 'a function decides'];
  if (maxHint !== null) parts.push(`or when the server asks, up to ${showTime(maxHint)}`);
  if (maxRetries !== null) parts.push(maxRetries === 1 ? 'once' : `at most ${maxRetries} times`);
  if (maxElapsed !== null) parts.push(`within ${showTime(maxElapsed)}`);
  if (maxRefusals !== null) parts.push(`until HTTP 401 or 403 comes ${maxRefusals} times in a row`);
  return parts.join('; ');
}

/** One after the other; equal ones at the end appear once. */
function showDelays(delays: readonly DelayBounds[]): string {
  const shown = delays.map(({ min, max }) => showTime(max, min));
  while (shown.length > 1 && shown.at(-1) === shown.at(-2)) shown.pop();
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')}, then ${last}`;
}

function showTime(max: number, min = max): string {
  const [unit, ms] = max < 1_000 ? ['ms', 1] : ['s', 1_000];
  return min === max ? `${max / ms} ${unit}` : `${min / ms}–${max / ms} ${unit}`;
}

import type { PolicyEntry } from './PolicyExplanation.js';

/**
 * Returns entries as a table to read, in aligned columns or in Markdown.
 *
 * @internal
 */
export function showEntries(entries: readonly PolicyEntry[], format: 'text' | 'markdown'): string {
  const rows = entries.map((entry) => [
    showCodes(entry),
    entry.name,
    showDecision(entry),
    format === 'text' ? entry.policy : `\`${entry.policy}\``,
    entry.key === null ? entry.decidedBy : `table: ${entry.key}`,
    entry.isSendable ? 'yes' : 'no',
  ]);
  const lines = format === 'text' ? inColumns([header, ...rows]) : inMarkdown(rows);
  return [...lines, ...notes(entries)].join('\n');
}

const header = ['code', 'meaning', 'decision', 'policy', 'decided by', 'may be sent'];

function inColumns(rows: readonly string[][]): string[] {
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
}

function inMarkdown(rows: readonly string[][]): string[] {
  return [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
}

function notes(entries: readonly PolicyEntry[]): string[] {
  const isLookedUp = entries.some(({ from, decidedBy }) => from === 0 && decidedBy !== 'function');
  return isLookedUp ? ['', 'An unclean end with code 0 is looked up as 1006.'] : [];
}

function showCodes({ from, to }: PolicyEntry): string {
  return from === to ? String(from) : `${from}-${to}`;
}

function showDecision(entry: PolicyEntry): string {
  const { decision, maxRetries, maxElapsed, maxHint } = entry;
  if (decision === 'stop') return 'stop';
  const parts = [decision === 'retry' ? `retry after ${showDelays(entry)}` : 'a function decides'];
  if (maxHint !== null) parts.push(`or when the server asks, up to ${showTime(maxHint)}`);
  if (maxRetries !== null) parts.push(maxRetries === 1 ? 'once' : `at most ${maxRetries} times`);
  if (maxElapsed !== null) parts.push(`within ${showTime(maxElapsed)}`);
  return parts.join('; ');
}

/** One after the other; equal ones at the end appear once. */
function showDelays({ delays, laterDelays }: PolicyEntry): string {
  const all = (laterDelays ? [...delays, laterDelays] : delays).map(({ min, max }) => showBounds(min, max));
  const shown = all.filter((delay, index) => index === 0 || all.slice(index - 1).some((other) => other !== delay));
  const last = shown.length - 1;
  const goesOn = laterDelays !== null || shown.length < all.length;
  return shown.map((delay, index) => (goesOn && index > 0 && index === last ? `then ${delay}` : delay)).join(', ');
}

function showBounds(min: number, max: number): string {
  if (min === max) return showTime(max);
  return min === 0 || unitOf(min) === unitOf(max) ? `${showTime(min).split(' ', 1)[0]}–${showTime(max)}` : `${showTime(min)}–${showTime(max)}`;
}

function showTime(ms: number): string {
  return unitOf(ms) === 's' ? `${ms / 1_000} s` : `${ms} ms`;
}

function unitOf(ms: number): 's' | 'ms' {
  return ms < 1_000 ? 'ms' : 's';
}

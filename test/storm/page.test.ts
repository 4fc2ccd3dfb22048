import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ourRows } from '../../bench/storm/measure.js';
import { chart, parts } from '../../bench/storm/report.js';
import { briefTable } from '../../bench/storm/table.js';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));

/** `node bench/storm/run.mjs --write` updates the page and the chart. */
describe('docs/storms.md', () => {
  const page = readFileSync(`${docs}storms.md`, 'utf8');

  const tableOf = (title: string): string => new RegExp(`<!-- ${title} -->\n([^]*?)\n<!-- end of ${title} -->`).exec(page)?.[1] ?? '';
  const size = { clients: 100_000, rate: 2_000, seed: 1 };

  it('has the figures of the defaults, after a drop and with a hint', () => {
    const rows = ourRows(size).slice(0, 2).map((measure) => measure());
    expect(tableOf('ours').split('\n').slice(0, 4).join('\n')).toBe(briefTable(rows));
  });

  it.each(['alone', 'schedules', 'loads'])('has the figures of their cost: the table "%s"', (title) => {
    expect(tableOf(title)).toBe(parts[title]?.(size).brief);
  });

  it('shows the chart that the simulation draws', () => {
    expect(page).toContain('](storms.svg)');
    expect(readFileSync(`${docs}storms.svg`, 'utf8')).toBe(chart({ clients: 10_000, rate: 200, seed: 1 }));
  });
});

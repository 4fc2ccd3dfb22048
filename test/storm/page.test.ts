import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ourRows } from '../../bench/storm/measure.js';
import { chart, parts } from '../../bench/storm/report.js';
import { briefTable } from '../../bench/storm/table.js';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));

/** `node bench/storm/run.mjs --write` writes what these tests look at. */
describe('docs/storms.md', () => {
  const page = readFileSync(`${docs}storms.md`, 'utf8');

  const tableOf = (title: string): string => new RegExp(`<!-- ${title} -->\n([^]*?)\n<!-- end of ${title} -->`).exec(page)?.[1] ?? '';
  const crowd = { clients: 100_000, rate: 2_000, seed: 1 };

  it('states what the defaults do, after a drop and with a hint', () => {
    const rows = ourRows(crowd).slice(0, 2).map((measure) => measure());
    expect(tableOf('ours').split('\n').slice(0, 4).join('\n')).toBe(briefTable(rows));
  });

  it.each(['alone', 'loads'])('states what they cost: the table "%s"', (title) => {
    expect(tableOf(title)).toBe(parts[title]?.(crowd).brief);
  });

  it('shows the picture that the simulation draws', () => {
    expect(page).toContain('](storms.svg)');
    expect(readFileSync(`${docs}storms.svg`, 'utf8')).toBe(chart({ clients: 10_000, rate: 200, seed: 1 }));
  });
});

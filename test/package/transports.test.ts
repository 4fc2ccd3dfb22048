import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { here, readTable, Table } from '../../scripts/conformance/table.mjs';

const page = readFileSync(fileURLToPath(new URL('../../docs/transports.md', import.meta.url)), 'utf8');

describe('docs/transports.md', () => {
  it('is read and written again without losing a cell', () => {
    expect(String(readTable(page))).toBe(page);
    expect(readTable(page).size).toBeGreaterThan(300);
  });

  it('folds a case only where all transports are alike, whatever its name', () => {
    const columns = [...Object.keys(here), ...readTable(page).runs.keys()];
    const table = new Table();
    for (const column of columns) {
      table.set('A section', 'S1: like <this> and *that*', column, '✓');
      table.set('A section', 'S2: the same everywhere', column, 'clean 1000');
      table.set('A section', 'S3: one | differs', column, column === columns[0] ? 'paused' : 'overflows');
    }
    const text = String(table);
    expect(text).toContain('<summary>2 cases alike on all transports</summary>');
    expect(text).toContain('| S3: one \\| differs | paused | overflows |');
    const read = readTable(text);
    expect([...(read.sections.get('A section') ?? [])].map(([name, row]) => [name, row.size, row.get(columns[1] ?? '')])).toEqual([
      ['S3: one | differs', columns.length, 'overflows'],
      ['S1: like <this> and *that*', columns.length, '✓'],
      ['S2: the same everywhere', columns.length, 'clean 1000'],
    ]);
  });
});

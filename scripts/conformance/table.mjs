import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { differences } from './differences.mjs';
import { platforms } from './platforms.mjs';

const document = 'docs/transports.md';

/** The transports that `.ci/run` sees each time: the column's name, and its title. */
export const here = {
  'ws-node20': '`ws`, Node 20',
  'ws-node22': '`ws`, Node 22',
  'ws-node24': '`ws`, Node 24',
  'native-node22': 'Node 22’s own',
  'native-node24': 'Node 24’s own',
  'undici-node20': '`undici`',
  'platform-chromium': 'Chromium',
  'testing-node20': '`testServer()`',
  'testing-ws-node20': '`testServer({ like: \'ws\' })`',
};
/** Those that are run by hand. What was seen there stays in the document until the next run. */
const elsewhere = Object.fromEntries(Object.entries(platforms).map(([name, { title }]) => [name, title]));
const columns = { ...here, ...elsewhere };

const nameOf = new Map(Object.entries(columns).map(([name, title]) => [title, name]));

/** The tables of docs/transports.md: by section and case, a cell for each column. */
export class Table {
  sections = new Map();
  /** The last run of each platform: `{ version, date }`. */
  runs = new Map();

  set(section, name, column, cell) {
    const title = `${section[0].toUpperCase()}${section.slice(1)}`;
    if (!this.sections.has(title)) this.sections.set(title, new Map());
    const cases = this.sections.get(title);
    if (!cases.has(name)) cases.set(name, new Map());
    cases.get(name).set(column, cell);
  }

  /** Takes over what was seen elsewhere, of the cases that are in this table. */
  takeRuns({ runs, sections }) {
    this.runs = runs;
    for (const [section, cases] of this.sections) {
      for (const [name, row] of cases) {
        for (const [column, cell] of sections.get(section)?.get(name) ?? []) if (column in elsewhere) row.set(column, cell);
      }
    }
  }

  /** Replaces what was seen on one platform. */
  setRun(column, run, cells) {
    this.runs.set(column, run);
    for (const cases of this.sections.values()) for (const row of cases.values()) row.delete(column);
    for (const { section, name, cell } of cells) this.set(section, name, column, cell);
  }

  get size() {
    return [...this.sections.values()].reduce((sum, cases) => sum + cases.size, 0);
  }

  /** The document: what differs in tables, what is alike in lists that are folded. */
  toString() {
    const platformsRun = Object.keys(elsewhere).filter((column) => this.runs.has(column));
    const names = Object.keys(columns);
    const lines = [
      '# Transports',
      '',
      'What the conformance suite (`test/conformance`) saw on each transport, against a server that writes its frames as raw bytes: first the',
      'reasons of what differs, then the cases. Those on which all transports are alike are folded.',
      '',
      '## Differences',
      '',
      'The library does not hide these; what it can do about one, it does.',
      '',
    ];
    for (const { name, on, reason } of differences) lines.push(`- **${name}** (${on.map((column) => columns[column]).join('; ')}): ${reason}`);
    lines.push(
      '',
      '## How it is run',
      '',
      '`scripts/conformance-table.mjs` writes this document. `.ci/run` runs the suite in Node and Chromium, and fails when one of these columns is',
      'missing or a case did not run or did not pass. On the other platforms it is run by hand (`npm run conformance:elsewhere`), here last on:',
      '',
      ...rows(['', 'version', 'on'], platformsRun.map((column) => [elsewhere[column], this.runs.get(column).version, this.runs.get(column).date])),
      '',
      `${transports(names)}`,
      '',
      '## The cases',
      '',
      'A tick: the law held. Where transports may differ within the law, the cell says what this one did. `≠`: the platform makes it impossible,',
      'for the reason [above](#differences).',
    );
    for (const [section, cases] of this.sections) {
      const sorted = [...cases].sort(([one], [other]) => (sortKey(one) < sortKey(other) ? -1 : 1));
      const differing = sorted.filter(([, row]) => !isAlike(row));
      const alike = sorted.filter(([, row]) => isAlike(row)).map(([name, row]) => [name, row.get(names[0])]);
      lines.push('', `### ${section}`);
      if (differing.length > 0) {
        lines.push('', ...rows(['', ...Object.values(columns)], differing.map(([name, row]) => [name, ...names.map((column) => row.get(column) ?? 'not run')])));
      }
      if (alike.length > 0) {
        lines.push('', '<details>', `<summary>${alike.length} ${alike.length === 1 ? 'case' : 'cases'} alike on all transports</summary>`, '');
        for (const [name, cell] of alike) lines.push(`- ${inText(name)}${cell === '✓' ? '' : `${arrow}${cell}`}`);
        lines.push('', '</details>');
      }
    }
    return `${lines.join('\n')}\n`;
  }
}

/** 4 before 10, the same on every machine. */
const sortKey = (name) => name.replace(/\d+/g, (digits) => digits.padStart(6, '0'));
const arrow = ' → ';
/** A folded list says nothing about columns, so the document has them in a line of its own. */
const transports = (names) => `The ${names.length} transports: ${names.map((column) => columns[column]).join(' · ')}.`;
const isAlike = (row) => Object.keys(columns).every((column) => row.has(column) && row.get(column) === row.values().next().value);
/** In a table no tag can begin, but in a list it can. */
const inText = (name) => name.replaceAll('<', '&lt;').replaceAll('*', '\\*').replaceAll('_', '\\_');
const ofText = (text) => text.replaceAll('&lt;', '<').replaceAll('\\*', '*').replaceAll('\\_', '_');

const escaped = (text) => text.replaceAll('|', '\\|');
const rows = (head, body) => [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.map(escaped).join(' | ')} |`);

export const readDocument = () => (existsSync(document) ? readFileSync(document, 'utf8') : '');
export const writeDocument = (table) => writeFileSync(document, String(table));

/** Reads the cells back from the document. */
export function readTable(text = readDocument()) {
  const table = new Table();
  let section = '';
  let head;
  let all = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('### ')) section = line.slice(4);
    const [, listed] = /^The \d+ transports: (.*)\.$/.exec(line) ?? [];
    if (listed !== undefined) all = listed.split(' · ').map((title) => nameOf.get(title)).filter(Boolean);
    if (section !== '' && line.startsWith('- ')) {
      const [name, cell = '✓'] = line.slice(2).split(arrow);
      for (const column of all) table.set(section, ofText(name), column, cell);
    }
    if (!line.startsWith('| ')) {
      head = undefined;
      continue;
    }
    const cells = line.slice(2, -2).split(' | ').map((cell) => cell.replaceAll('\\|', '|'));
    if (head === undefined) head = cells;
    else if (cells[0] === '---') continue;
    else if (section === '') table.runs.set(nameOf.get(cells[0]), { version: cells[1], date: cells[2] });
    else {
      for (const [index, title] of head.entries()) {
        if (index > 0 && cells[index] !== 'not run' && nameOf.has(title)) table.set(section, cells[0], nameOf.get(title), cells[index]);
      }
    }
  }
  return table;
}

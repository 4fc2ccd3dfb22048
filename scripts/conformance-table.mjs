/**
 * Merges what the conformance suite wrote for each transport into docs/transports.md.
 *
 *   node scripts/conformance-table.mjs           writes the document
 *   node scripts/conformance-table.mjs --check   compares it with the one that stands there
 *
 * Ends with 1, and says why, when a transport is missing, a case is missing on one of them, or a case did not pass.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const results = 'temp/conformance';
const document = 'docs/transports.md';
const columns = [
  ['ws-node20', '`ws`, Node 20'],
  ['ws-node22', '`ws`, Node 22'],
  ['ws-node24', '`ws`, Node 24'],
  ['native-node22', 'Node 22’s own'],
  ['native-node24', 'Node 24’s own'],
  ['undici-node20', '`undici`'],
  ['platform-chromium', 'Chromium'],
];

const problems = [];
/** section → case → column → cell */
const sections = new Map();
const ran = new Set();

for (const [column] of columns) {
  const file = `${results}/${column}.json`;
  if (!existsSync(file)) {
    problems.push(`no results of ${column}: ${file} is missing`);
    continue;
  }
  ran.add(column);
  for (const { section, name, state, seen } of JSON.parse(readFileSync(file, 'utf8')).cases) {
    if (!sections.has(section)) sections.set(section, new Map());
    const cases = sections.get(section);
    if (!cases.has(name)) cases.set(name, new Map());
    if (cases.get(name).has(column)) problems.push(`${column}: two cases are called “${section}: ${name}”`);
    cases.get(name).set(column, seen ?? '✓');
    if (state !== 'passed') problems.push(`${column}: “${section}: ${name}” is ${state}`);
  }
}

for (const [section, cases] of sections) {
  for (const [name, cells] of cases) {
    for (const [column] of columns) {
      if (ran.has(column) && !cells.has(column)) problems.push(`${column}: “${section}: ${name}” did not run`);
    }
  }
}
if (sections.size === 0) problems.push('there are no cases at all');

const escaped = (text) => text.replaceAll('|', '\\|');
const row = (cells) => `| ${cells.map(escaped).join(' | ')} |`;
const lines = [
  '# Transports',
  '',
  'What the conformance suite (`test/conformance`) saw on each transport, against a server that writes its frames as raw bytes. A tick: the',
  'law held. Where transports may differ within the law, the cell says what this one did.',
  '',
  '`scripts/conformance-table.mjs` writes this document; `.ci/run` fails when a column is missing or a case did not run or did not pass.',
];
for (const [section, cases] of sections) {
  lines.push('', `## ${section[0].toUpperCase()}${section.slice(1)}`, '');
  lines.push(row(['', ...columns.map(([, title]) => title)]), row(['---', ...columns.map(() => '---')]));
  for (const [name, cells] of cases) lines.push(row([name, ...columns.map(([column]) => cells.get(column) ?? '')]));
}
const text = `${lines.join('\n')}\n`;

if (problems.length === 0 && process.argv.includes('--check')) {
  if (!existsSync(document) || readFileSync(document, 'utf8') !== text) {
    problems.push(`${document} is not what the suite saw: run node scripts/conformance-table.mjs and review the difference`);
  }
} else if (problems.length === 0) writeFileSync(document, text);

for (const problem of problems) console.error(problem);
const cases = [...sections.values()].reduce((sum, section) => sum + section.size, 0);
if (problems.length === 0) console.log(`${cases} cases on ${columns.length} transports`);
process.exitCode = problems.length === 0 ? 0 : 1;

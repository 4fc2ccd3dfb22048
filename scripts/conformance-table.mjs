/**
 * Merges what the conformance suite wrote for each transport into docs/transports.md, and keeps the columns of `npm run conformance:elsewhere`.
 *
 *   node scripts/conformance-table.mjs           writes the document
 *   node scripts/conformance-table.mjs --check   compares it with the one that stands there
 *
 * Ends with 1, and says why, when a transport is missing, a case is missing on one of them, or a case did not pass.
 */
import { existsSync, readFileSync } from 'node:fs';
import { here, readDocument, readTable, Table, writeDocument } from './conformance/table.mjs';

const results = 'temp/conformance';
const columns = Object.keys(here);

const problems = [];
const table = new Table();
const ran = new Set();

for (const column of columns) {
  const file = `${results}/${column}.json`;
  if (!existsSync(file)) {
    problems.push(`no results of ${column}: ${file} is missing`);
    continue;
  }
  ran.add(column);
  const titles = new Set();
  for (const { section, name, state, seen } of JSON.parse(readFileSync(file, 'utf8')).cases) {
    const title = `${section}: ${name}`;
    if (titles.has(title)) problems.push(`${column}: two cases are called “${title}”`);
    titles.add(title);
    table.set(section, name, column, seen ?? '✓');
    if (state !== 'passed') problems.push(`${column}: “${title}” is ${state}`);
  }
}

for (const [section, cases] of table.sections) {
  for (const [name, cells] of cases) {
    for (const column of ran) if (!cells.has(column)) problems.push(`${column}: “${section}: ${name}” did not run`);
  }
}
if (table.size === 0) problems.push('there are no cases at all');
table.takeRuns(readTable());

if (problems.length === 0 && process.argv.includes('--check')) {
  if (readDocument() !== String(table)) problems.push('docs/transports.md is not what the suite saw: run node scripts/conformance-table.mjs and review the difference');
} else if (problems.length === 0) writeDocument(table);

for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log(`${table.size} cases on ${columns.length} transports`);
process.exitCode = problems.length === 0 ? 0 : 1;

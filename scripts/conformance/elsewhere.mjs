/**
 * Runs the conformance suite where Vitest does not run: in Firefox, WebKitGTK, Deno, Bun and workerd. Writes their columns of docs/transports.md.
 *
 *   npm run conformance:elsewhere                    on every platform that the machine has
 *   npm run conformance:elsewhere -- deno firefox    on these
 *   npm run conformance:elsewhere -- --cases S19     some cases, by a regular expression for "section: case"; writes nothing
 *
 * npx installs Deno, Bun and workerd outside of this package. Firefox and WebKitGTK are Debian's: firefox-esr; webkit2gtk-driver, xvfb and xauth.
 * A platform that the machine does not have is skipped, and its column stays as it was written last, with version and date.
 *
 * Ends with 1, and says why, when a case fails that is not in differences.mjs, or one that is there does not. Such a column is not written.
 */
import { parseArgs } from 'node:util';
import { startWireServer } from './bundle.mjs';
import { judge } from './differences.mjs';
import { platforms } from './platforms.mjs';
import { runOn } from './runOn.mjs';
import { readTable, writeDocument } from './table.mjs';

const { positionals: names, values: { cases } } = parseArgs({ allowPositionals: true, options: { cases: { type: 'string' } } });
const unknown = names.filter((name) => !(name in platforms));
if (unknown.length > 0) throw new Error(`no such platform: ${unknown.join(', ')}; there are ${Object.keys(platforms).join(', ')}`);

const server = await startWireServer();
try {
  for (const name of names.length > 0 ? names : Object.keys(platforms)) {
    const platform = platforms[name];
    const { title } = platform;
    let version;
    try {
      version = await platform.version();
    } catch (error) {
      console.log(`skip  ${title}: not on this machine (${String(error.message).split('\n')[0]})`);
      continue;
    }
    const started = Date.now();
    const { results, problem } = await runOn(name, platform, server.url, cases ?? '');
    const { cells, problems } = judge(name, results, cases !== undefined);
    if (problem !== undefined) problems.unshift(`the run did not come to its end: ${problem}`);
    const differing = cells.filter(({ cell }) => cell.startsWith('≠')).length;
    const [verdict, found] = problems.length > 0 ? ['FAIL', `${problems.length} surprises`] : ['ok  ', `${differing} of them differ as expected`];
    console.log(`${verdict}  ${title} ${version}: ${cells.length} cases, ${found} (${Math.round((Date.now() - started) / 1_000)} s)`);
    for (const line of problems) console.error(`      ${line.replaceAll('\n', '\n      ')}`);
    if (problems.length > 0) {
      process.exitCode = 1;
      continue;
    }
    if (cases !== undefined) continue;
    const table = readTable();
    table.setRun(name, { version, date: new Date(started).toISOString().slice(0, 10) }, cells);
    writeDocument(table);
  }
} finally {
  await server.close();
}

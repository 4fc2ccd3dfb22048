// Runs the programs that are named, or all of them; a run of all writes RESULTS.md.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, release, type } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTable } from './compare.mjs';
import { startServer } from './startServer.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const all = readdirSync(at('programs')).map((file) => basename(file, '.mjs')).sort();
const named = process.argv.slice(2);
const unknown = named.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`there is no program ${unknown.join(', ')}; there are ${all.join(', ')}`);
  process.exit(2);
}

if (!existsSync(at('../dist/index.js'))) {
  console.error('the library is not built: run `npm ci && npm run build` in the folder above');
  process.exit(2);
}

const require = createRequire(import.meta.url);
const versions = Object.keys(require('./package.json').devDependencies).map((name) => `${name} ${require(`${name}/package.json`).version}`);
const machine = `${type()} ${release()}, ${cpus().length} × ${cpus()[0].model.trim()}, Node ${process.version}, ${versions.join(', ')}`;
const parts = [
  '# Results',
  '',
  'Written by `npm start` in this folder; not edited by hand. Absolute figures are those of one machine; the ratios are what carries over.',
  '',
  `${new Date().toISOString().slice(0, 10)}; ${machine}.`,
];
for (const name of named.length > 0 ? named : all) {
  const { default: program } = await import(`./programs/${name}.mjs`);
  const server = program.server === undefined ? undefined : await startServer(program.server);
  try {
    parts.push('', `## ${program.title}`, '', program.text);
    if (program.measure !== undefined) {
      console.error(name);
      parts.push('', ...(await program.measure({ url: server?.url })));
    }
    for (const [index, table] of (program.tables ?? []).entries()) {
      console.error(`${name}: ${table.title}`);
      parts.push('', ...(await runTable({ program: name, index, table, url: server?.url })));
    }
  } finally {
    await server?.stop();
  }
}
const text = `${parts.join('\n')}\n`;
process.stdout.write(text);
if (named.length === 0) writeFileSync(at('RESULTS.md'), text);

// Runs test/runners: tests with `websocket-subject/testing` under the test runners that people use, on the packed package. Each runner has its own lock
// file, and is installed into a copy in a temporary folder, so that this package's own installation stays small.
//
//   node scripts/check-runners.mjs             runs all
//   node scripts/check-runners.mjs <names...>  runs some, by their folders
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../test/setup/findChromium.mjs';
import { packPackage, root } from './packPackage.mjs';
import { run } from './run.mjs';

const source = join(root, 'test/runners');
const names = (await readdir(source, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) throw new Error(`no such runner: ${unknown.join(', ')}; there are ${names.join(', ')}`);

const chromium = await findChromium();
if (chromium === undefined) console.log('no Chromium: the browser mode of Vitest is left out');
const env = { NO_COLOR: '1', NG_CLI_ANALYTICS: 'false', ...(chromium && { CHROMIUM: JSON.stringify(chromium) }) };
const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];

let failed = 0;
const folder = await mkdtemp(join(tmpdir(), 'websocket-subject-runners-'));

async function check(name, tarball) {
  const cwd = join(folder, name);
  const started = performance.now();
  try {
    await cp(join(source, name), cwd, { recursive: true, filter: (path) => !path.endsWith('node_modules') });
    const kit = await readFile(join(source, 'kitTests.mjs'), 'utf8');
    await writeFile(join(cwd, 'kitTests.mjs'), kit);
    // Jest loads no ES modules by itself.
    await writeFile(join(cwd, 'kitTests.cjs'), kit.replace(/^export function (\w+)/m, 'exports.$1 = function $1'));
    await run('npm', ['ci', ...quiet], { cwd });
    await run('npm', ['install', '--no-save', ...quiet, tarball], { cwd });
    await run('npm', ['test'], { cwd, env });
    console.log(`ok    ${name} (${((performance.now() - started) / 1_000).toFixed(0)} s)`);
  } catch (problem) {
    failed += 1;
    console.error(`FAIL  ${name}\n${problem instanceof Error ? problem.message : problem}`);
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

try {
  if (!existsSync(join(root, 'dist/testing/index.js'))) throw new Error('dist is missing: run `npm run build` first');
  const tarball = await packPackage(folder);
  const queue = asked.length > 0 ? [...asked] : [...names];
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 2) }, async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) await check(name, tarball);
  }));
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(failed === 0 ? 'Every runner passes.' : `${failed} failed.`);
process.exitCode = failed === 0 ? 0 : 1;

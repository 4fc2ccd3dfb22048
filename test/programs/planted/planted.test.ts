import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expect, it } from 'vitest';
import { findViolation, printed } from '../Program.js';
import type { Library } from '../Simulation.js';
import { plant } from './plant.js';
import { plantedBugs } from './plantedBugs.js';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** How many programs may be needed. The seed is always the same, so that chance does not decide. */
const mostPrograms = 2_000;
const seed = 1;

/** Builds the library with a bug in it. */
async function libraryWith(bug: string): Promise<Library> {
  const file = `${Object.keys(plantedBugs).indexOf(bug)}.mjs`;
  await build({
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'error',
    resolve: { alias: { '#transport': at('../../../src/connection/node.ts') } },
    plugins: [plant(bug)],
    build: {
      ssr: at('../../../src/index.ts'),
      outDir: at('../../../temp/planted'),
      emptyOutDir: false,
      target: 'node20',
      reportCompressedSize: false,
      rolldownOptions: { output: { entryFileNames: file } },
    },
  });
  return (await import(/* @vite-ignore */ at(`../../../temp/planted/${file}`))) as Library;
}

it.each(Object.entries(plantedBugs))('the programs find a planted bug: %s', async (name, { law }) => {
  const found = await findViolation(mostPrograms, seed, { library: await libraryWith(name), isShrunk: false });
  expect(found?.violations.join('\n')).toMatch(law);
});

it('a program that finds a bug prints itself as a test, which fails for the same reason, and only with the bug', async () => {
  const bug = 'next() is lost while the session is ending';
  const found = await findViolation(mostPrograms, seed, { library: await libraryWith(bug) });
  if (!found) throw new Error('the bug was not found');
  writeFileSync(at('../../../temp/planted/pasted.test.ts'), printed(found));
  const withBug = await runPasted(bug);
  expect(withBug).toContain('1 failed');
  expect(withBug).toContain(found.violations[0]);
  expect(await runPasted(undefined)).toContain('1 passed');
});

/** Runs the pasted test in a process of its own, and returns what it prints. */
function runPasted(bug: string | undefined): Promise<string> {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/programs/planted/pasted.config.ts'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: at('../../..'), env: { ...process.env, NO_COLOR: '1', BUG: bug } }, (_, stdout, stderr) => resolve(stdout + stderr));
  });
}

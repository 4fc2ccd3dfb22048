// Runs programs that mock the global WebSocket under the test runners that people use, in their environments: on rxjs/webSocket, and, with only the
// import changed, on the packed package.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installInto, packPackage, root } from './packPackage.mjs';
import { run } from './run.mjs';

const libraries = ['rxjs/webSocket', 'websocket-subject'];
let failed = 0;
const check = async (label, work) => {
  try {
    await work();
    console.log(`ok    ${label}`);
  } catch (problem) {
    failed += 1;
    console.error(`FAIL  ${label}\n${problem instanceof Error ? problem.message : problem}`);
  }
};

const folder = await mkdtemp(join(tmpdir(), 'websocket-subject-mocks-'));
try {
  const tarball = await packPackage(folder);
  const rxjs = 'rxjs@7.8.2';

  const vitest = join(folder, 'vitest');
  await installInto(vitest, [tarball, rxjs, 'vitest@4.1.12', 'mock-socket@9.3.1', 'jsdom@26.1.0', 'happy-dom@20.0.0'], { type: 'module' });
  await cp(join(root, 'scripts/mocks/vitest.test.mjs'), join(vitest, 'mocks.test.mjs'));
  for (const environment of ['node', 'jsdom', 'happy-dom']) {
    for (const LIBRARY of libraries) {
      await check(`Vitest, ${environment}: ${LIBRARY}`, () =>
        run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', `--environment=${environment}`], { cwd: vitest, env: { LIBRARY } }));
    }
  }

  for (const version of ['29', '30']) {
    const jest = join(folder, `jest-${version}`);
    const environment = `jest-environment-jsdom@${version}`;
    await installInto(jest, [tarball, rxjs, `jest@${version}`, environment, 'jest-websocket-mock@2.5.0', 'mock-socket@9.3.1']);
    await cp(join(root, 'scripts/mocks/jest.test.cjs'), join(jest, 'mocks.test.js'));
    await writeFile(join(jest, 'jest.config.cjs'), 'module.exports = { testMatch: ["**/*.test.js"] };');
    for (const environment of ['jsdom', 'node']) {
      for (const LIBRARY of libraries) {
        await check(`Jest ${version}, ${environment}: ${LIBRARY}`, () =>
          run(process.execPath, ['node_modules/jest/bin/jest.js', `--env=${environment}`], { cwd: jest, env: { LIBRARY } }));
      }
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(failed === 0 ? 'Every program runs with only the import changed.' : `${failed} failed.`);
process.exitCode = failed === 0 ? 0 : 1;

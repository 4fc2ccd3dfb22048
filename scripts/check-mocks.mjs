// Runs tests that mock the global WebSocket under the test runners that people use, in their environments: on rxjs/webSocket, and, with only the
// import changed, on the packed package. In each environment the package also talks to a real server, without a mock.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installInto, packPackage, root } from './packPackage.mjs';
import { run } from './run.mjs';
import { startEchoServer } from './startEchoServer.mjs';

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

const rxjs = 'rxjs@7.8.2';
const present = process.versions.node.split('.')[0];
/** Runs a program on a version of Node. */
const on = (node, args, options) =>
  node === present ? run(process.execPath, args, options) : run('npx', ['-y', '-p', `node@${node}`, 'node', ...args], options);

/** Runs the tests for Vitest. MSW has nothing to patch before Node 22. */
async function inVitest(tarball, vitest, env) {
  await installInto(vitest, [
    tarball, rxjs, 'vitest@4.1.12', 'mock-socket@9.3.1', 'vitest-websocket-mock@0.7.0', 'msw@3.0.5', 'jsdom@26.1.0', 'happy-dom@21.0.4',
  ], { type: 'module' });
  await cp(join(root, 'scripts/mocks'), vitest, { recursive: true });
  const files = ['vitest.test.mjs', 'vitestReal.test.mjs'];
  for (const [node, environment, ...more] of [
    ['20', 'node'],
    ['22', 'node', 'msw.test.mjs'],
    ['22', 'jsdom', 'msw.test.mjs'],
    ['22', 'happy-dom', 'msw.test.mjs'],
    ['24', 'node', 'msw.test.mjs'],
  ]) {
    await check(`Vitest, Node ${node}, ${environment}`, () =>
      on(node, ['node_modules/vitest/vitest.mjs', 'run', `--environment=${environment}`, ...files, ...more], { cwd: vitest, env }));
  }
}

/** Jest 28 does not know `imports` of package.json: it is told where to find the transport, as docs/guides/places.md says. */
const mapped = `
  const { dirname } = require('node:path');
  const library = dirname(require.resolve('websocket-subject/package.json'));
  module.exports = { testMatch: ['**/jest*.test.cjs'], moduleNameMapper: { '^#transport$': library + '/dist/transport/platform.cjs' } };`;
const plain = 'module.exports = { testMatch: ["**/jest*.test.cjs"] };';

async function inJest(tarball, jest, env, { packages, config, environments }) {
  // `jest-preset-angular` asks for Angular, of which its environment needs nothing.
  await installInto(jest, ['--legacy-peer-deps', tarball, rxjs, 'jest-websocket-mock@2.5.0', 'mock-socket@9.3.1', ...packages]);
  await cp(join(root, 'scripts/mocks'), jest, { recursive: true });
  await writeFile(join(jest, 'jest.config.cjs'), config);
  for (const environment of environments) {
    await check(`${packages[0]}, ${environment}`, () => run(process.execPath, ['node_modules/jest/bin/jest.js', `--env=${environment}`], { cwd: jest, env }));
  }
}

async function inEachJest(tarball, env) {
  const jsdom = ['jsdom'];
  await inJest(tarball, join(folder, 'jest-28'), env, { packages: ['jest@28', 'jest-environment-jsdom@28'], config: mapped, environments: jsdom });
  await inJest(tarball, join(folder, 'jest-29'), env, { packages: ['jest@29', 'jest-environment-jsdom@29'], config: plain, environments: jsdom });
  await inJest(tarball, join(folder, 'jest-30'), env, {
    packages: ['jest@30', 'jest-environment-jsdom@30', 'jest-preset-angular@17.0.3', 'jsdom@26.1.0', 'typescript@6.0.3'],
    config: plain,
    environments: [...jsdom, 'node', 'jest-preset-angular/environments/jest-jsdom-env'],
  });
}

const folder = await mkdtemp(join(tmpdir(), 'websocket-subject-mocks-'));
const server = await startEchoServer();
try {
  const tarball = await packPackage(folder);
  const env = { ECHO_SERVER: server.ws, NO_COLOR: '1' };
  const runs = await Promise.allSettled([inVitest(tarball, join(folder, 'vitest'), env), inEachJest(tarball, env)]);
  for (const { reason } of runs.filter(({ status }) => status === 'rejected')) {
    failed += 1;
    console.error(reason);
  }
} finally {
  await server.close();
  await rm(folder, { recursive: true, force: true });
}
console.log(failed === 0 ? 'Every test passes with only the import changed.' : `${failed} failed.`);
process.exitCode = failed === 0 ? 0 : 1;

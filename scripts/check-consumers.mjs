// Installs the packed package as users do and proves two things: its types compile, with skipLibCheck off, under old and new TypeScript
// and three kinds of lib; and its ESM and CJS builds, each alone and both together, talk to a server on every supported Node.
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, finishChecks } from './checks.mjs';
import { installInto, packPackage, root } from './packPackage.mjs';
import { run } from './run.mjs';
import { startEchoServer } from './startEchoServer.mjs';

const compilers = ['5.0.4', '5.4.5', '5.9.3', '6.0.3'];
const nodes = ['20', '22', '24'];
/** What the consumer has declared, and in which of the two installations; neither has @types/ws. */
const libs = {
  node: { installation: 'with-node-types', lib: ['ES2022'], types: ['node'], extra: ['nodeStreams'] },
  worker: { installation: 'plain', lib: ['ES2022', 'WebWorker'], types: [] },
  dom: { installation: 'plain', lib: ['ES2022', 'DOM'], types: [], extra: ['dom'] },
};
/** The resolutions, and the extensions of the sources under each. */
const modules = {
  nodenext: { options: { module: 'NodeNext', moduleResolution: 'NodeNext' }, extensions: ['mts', 'cts'] },
  bundler: { options: { module: 'ESNext', moduleResolution: 'Bundler' }, extensions: ['ts'] },
};

const inParallel = async (jobs) => {
  const queue = [...jobs];
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, async () => {
    for (let job = queue.shift(); job; job = queue.shift()) await job();
  }));
};

const folder = await mkdtemp(join(tmpdir(), 'websocket-subject-consumers-'));
const server = await startEchoServer();
try {
  const tarball = await packPackage(folder);
  const rxjs = 'rxjs@7.8.2';
  await installInto(join(folder, 'compilers'), compilers.map((version) => `ts-${version}@npm:typescript@${version}`));
  await installInto(join(folder, 'plain'), [tarball, rxjs], { type: 'module' });
  await installInto(join(folder, 'with-node-types'), [tarball, rxjs, '@types/node@20.19.43'], { type: 'module' });

  const source = (name) => join(root, 'scripts/consumer', name);
  const compilations = compilers.flatMap((version) => Object.entries(libs).flatMap(([libName, { installation, lib, types, extra = [] }]) =>
    Object.entries(modules).map(([moduleName, { options, extensions }]) => async () => {
      const label = `TypeScript ${version}, lib ${libName}, ${moduleName} (${extensions.join(', ')})`;
      await check(label, async () => {
        const project = join(folder, installation, `${version}-${libName}-${moduleName}`);
        await mkdir(project);
        const files = ['surface', ...extra].flatMap((name) => extensions.map((extension) => [`${name}.ts`, `${name}.${extension}`]));
        for (const [from, to] of files) await cp(source(from), join(project, to));
        await writeFile(join(project, 'tsconfig.json'), JSON.stringify({
          compilerOptions: { target: 'ES2022', ...options, lib, types, strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true },
          files: files.map(([, to]) => to),
        }));
        await run(process.execPath, [join(folder, 'compilers/node_modules', `ts-${version}`, 'bin/tsc'), '-p', project, '--pretty', 'false']);
      });
    })));
  await inParallel(compilations);

  const programs = ['talk.mjs', 'talk.cjs', 'mixed.mjs', 'testing.mjs', 'testing.cjs'];
  for (const program of programs) await cp(source(program), join(folder, 'plain', program));
  for (const node of nodes) {
    for (const program of programs) {
      await check(`Node ${node}, ${program}`, async () => {
        const [command, ...args] = node === process.versions.node.split('.')[0] ? [process.execPath] : ['npx', '-y', '-p', `node@${node}`, 'node'];
        const said = await run(command, [...args, program, server.ws], { cwd: join(folder, 'plain') });
        const expected = JSON.stringify(['hello', 4001, 'bye', true]);
        if (said.trim() !== expected) throw new Error(`it said ${said}, not ${expected}`);
      });
    }
  }
} finally {
  await server.close();
  await rm(folder, { recursive: true, force: true });
}
finishChecks('consumers');

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import type { TestProjectInlineConfiguration } from 'vitest/config';
import { KeptThread } from './KeptThread.js';
import { killers, LikelyFirst } from './LikelyFirst.js';

const defaultTransport = (file: 'node' | 'platform'): NonNullable<TestProjectInlineConfiguration['resolve']> => ({
  alias: { '#transport': fileURLToPath(new URL(`../src/connection/${file}.ts`, import.meta.url)) },
});

const asInAPage = ['test/rxjs/**/*.test.ts', 'test/subject/{page,pageListeners,platformTransport,reactNative}.test.ts'];
/** They import modules anew, so all that runs on import would count as covered by them. */
const importingAnew = ['test/close/CloseEvent.platforms.test.ts', 'test/policy/knownPolicy.test.ts'];
const tooSlow = [
  'test/subject/{faults.*,interleavings,memory,sendQueue}.test.ts',
  'test/operators/backoff.test.ts',
  'test/topics/interleavings.test.ts',
];
/** The transport of Node needs real ones, as do the pings of the protocol. */
const ofTheTransport = ['test/connection/{node,refusals}.test.ts', 'test/operators/heartbeat.sockets.test.ts', 'test/subject/{binaryOut,transport}.test.ts'];
const withRealSockets = [
  'test/operators/realCloses.test.ts',
  'test/policy/recipes.test.ts',
  'test/subject/{backpressure,binaryIn,msgpack,pipelines,stalledServer}.test.ts',
];

/** The folder whose modules are mutated in what they do when they are loaded: see `run.mjs`. Its mutants need few tests, since each runs them all. */
const loaded = process.env['MUTATION_ON_LOAD'];
const hasTests = loaded !== undefined && ['close', 'policy', 'operators'].includes(loaded);
const folders = loaded === undefined ? '{close,policy,operators,subject,topics,connection}' : hasTests ? loaded : '{connection,subject}';

const keptThreads: NonNullable<TestProjectInlineConfiguration['plugins']> = [{
  name: 'kept-threads',
  configureVitest({ project }) {
    project.config.pool = 'kept';
    project.config.poolRunner = { name: 'kept', createPoolWorker: (options) => new KeptThread(options) };
  },
}];

export default defineConfig({
  test: {
    reporters: [killers],
    sequence: { sequencer: LikelyFirst },
    projects: [
      {
        resolve: defaultTransport('node'),
        plugins: keptThreads,
        test: {
          name: 'node',
          include: [`test/${folders}/**/*.test.ts`],
          exclude: [...asInAPage, ...withRealSockets, ...tooSlow, ...(loaded === undefined ? importingAnew : []), ...ofTheTransport],
          isolate: false,
          setupFiles: ['./mutation/setup.ts'],
          testTimeout: 60_000,
        },
      },
      {
        resolve: defaultTransport('platform'),
        plugins: keptThreads,
        test: { name: 'node-page', sequence: { groupOrder: 1 }, include: asInAPage, isolate: false, testTimeout: 60_000, setupFiles: ['./mutation/setup.ts'] },
      },
      {
        resolve: defaultTransport('node'),
        plugins: keptThreads,
        test: { name: 'node-sockets', sequence: { groupOrder: 2 }, include: ofTheTransport, isolate: false, testTimeout: 60_000, setupFiles: ['./mutation/setup.ts'] },
      },
    ],
  },
});

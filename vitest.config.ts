import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import type { TestProjectInlineConfiguration } from 'vitest/config';
import { findChromium } from './test/setup/findChromium.mjs';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What "imports" of package.json decides for users, decided for the sources: which transport is the default. */
const defaultTransport = (file: 'node' | 'platform'): NonNullable<TestProjectInlineConfiguration['resolve']> => ({
  alias: { '#transport': at(`./src/connection/${file}.ts`) },
});

const globalSetup = ['./test/server/globalSetup.ts'];
const inBrowser = ['test/conformance/browser.test.ts', 'test/browser/**/*.test.ts'];
const ofTheDemo = ['test/demo/**/*.test.ts'];
/** They need the built site. */
const ofTheSite = ['test/site/**/*.test.ts'];
/** It starts and kills processes, which takes its time. */
const ofThePipeline = ['test/pipeline/pipeline.test.ts', 'test/pipeline/start.test.ts'];
/** They take minutes, and have a config of their own. */
const ofPages = ['test/page/**/*.test.ts'];
/** `npm test` runs random programs, half of them with faults. A fault of every kind in every callback, and planted bugs, take longer. */
const ofEveryFault = ['test/programs/faults.{operators,settings,subscribers,transports}.test.ts', 'test/programs/planted/**/*.test.ts'];
/** They run under runners of their own, on the packed package. */
const ofRunners = ['test/runners/**'];
const ofAngular = ['test/angular/**/*.test.ts'];
/** They take longer, and compression can break the `ws` of their process. */
const ofTheWire = ['test/wire/{deflate,faults,random}.test.ts'];
/** It compiles hundreds of code blocks, with the same result on every Node. */
const ofExamples = ['test/package/examples.test.ts'];
const ofTheNativeSocket = ['test/conformance/native.test.ts'];
/** They connect to real servers, and use no fake timers: what a transport does late, after a test, would meet them. */
const withRealSockets = [
  'test/{alternatives,conformance,guides,leaks,server}/**/*.test.ts',
  'test/connection/{compression,node,refusals}.test.ts',
  'test/operators/{heartbeat.sockets,realCloses}.test.ts',
  'test/policy/recipes.test.ts',
  'test/wire/buffers.test.ts',
  'test/subject/{backpressure,binaryIn,binaryOut,msgpack,pipelines,stalledServer,transport}.test.ts',
];
/** They run in Node as a page does: with the transport of the platform, and a page that is an object. */
const asInAPage = ['test/rxjs/**/*.test.ts', 'test/subject/{page,pageListeners,platformTransport,reactNative}.test.ts'];

// A loaded machine takes its time over properties and compilers; what hangs is ended all the same.
const inNode = { environment: 'node', testTimeout: 30_000, sequence: { groupOrder: 0 } } as const;

const node: TestProjectInlineConfiguration = {
  resolve: defaultTransport('node'),
  test: {
    ...inNode,
    name: 'node',
    include: ['test/**/*.test.ts'],
    exclude: [...inBrowser, ...withRealSockets, ...asInAPage, ...ofAngular, ...ofTheDemo, ...ofTheSite, ...ofThePipeline, ...ofPages, ...ofEveryFault, ...ofRunners, ...ofTheWire, ...ofExamples],
    // Half of the time went into importing the same modules for each file.
    isolate: false,
  },
};

const nodeSockets: TestProjectInlineConfiguration = {
  resolve: defaultTransport('node'),
  test: {
    ...inNode,
    name: 'node-sockets',
    // They run at the same time as the tests in Chromium: both wait more than they compute.
    sequence: { groupOrder: 1 },
    include: withRealSockets,
    // Node has a WebSocket of its own since 22.
    exclude: [...inBrowser, ...('WebSocket' in globalThis ? [] : ofTheNativeSocket)],
    isolate: false,
    globalSetup,
  },
};

const examples: TestProjectInlineConfiguration = {
  test: { ...inNode, name: 'examples', include: ofExamples, sequence: { groupOrder: 7 } },
};

const wire: TestProjectInlineConfiguration = {
  resolve: defaultTransport('node'),
  test: { ...inNode, name: 'wire', include: ofTheWire, testTimeout: 120_000, sequence: { groupOrder: 6 } },
};

const nodePage: TestProjectInlineConfiguration = {
  resolve: defaultTransport('platform'),
  test: { ...inNode, name: 'node-page', include: asInAPage },
};

/** Angular keeps a platform, and zone.js patches the globals: each file gets its own. */
const nodeAngular: TestProjectInlineConfiguration = {
  resolve: defaultTransport('node'),
  test: { ...inNode, name: 'node-angular', include: ofAngular },
};

const types: TestProjectInlineConfiguration = {
  test: {
    name: 'types',
    include: [],
    typecheck: { enabled: true, only: true, include: ['test/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
    sequence: { groupOrder: 1 },
  },
};

const demo: TestProjectInlineConfiguration = {
  test: { name: 'demo', environment: 'node', include: ofTheDemo, testTimeout: 60_000, hookTimeout: 60_000, sequence: { groupOrder: 3 } },
};

const site: TestProjectInlineConfiguration = {
  test: { name: 'site', environment: 'node', include: ofTheSite, testTimeout: 60_000, hookTimeout: 60_000, sequence: { groupOrder: 5 } },
};

const pipeline: TestProjectInlineConfiguration = {
  test: { name: 'pipeline', environment: 'node', include: ofThePipeline, testTimeout: 60_000, hookTimeout: 60_000, sequence: { groupOrder: 4 } },
};

const chromium = await findChromium();
const browser: TestProjectInlineConfiguration[] = chromium === undefined ? [] : [{
  resolve: defaultTransport('platform'),
  // Named here, because a dependency that Vite meets first while the tests run makes it reload the page.
  optimizeDeps: { include: ['react', 'react-dom/client', 'rxjs', 'svelte/store', 'vue'] },
  test: {
    name: 'browser',
    include: inBrowser,
    globalSetup,
    sequence: { groupOrder: 1 },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: chromium }),
      instances: [{ browser: 'chromium' }],
    },
  },
}];

export default defineConfig({
  test: {
    allowOnly: false,
    // By default one core is left to Vitest itself, which has little to do.
    maxWorkers: '100%',
    reporters: ['default', './test/conformance/reporter.ts'],
    projects: [node, nodeSockets, nodePage, nodeAngular, ...browser, types, demo, pipeline, site, wire, examples],
  },
});

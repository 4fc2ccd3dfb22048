// Bundles the packed package with esbuild, Vite and webpack, from its ESM and its CJS entry, for browsers and for neutral platforms;
// looks for Node's things in the bundles; and executes each: in Chromium's page or worker, and in a bare context with a socket put into it.
// It also looks which transport webpack's targets for Node and Electron, and Metro (React Native), choose.
import { readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import vm from 'node:vm';
import { chromium } from 'playwright';
import { WebSocket } from 'ws';
import { findChromium } from '../test/setup/findChromium.mjs';
import { installInto, packPackage } from './packPackage.mjs';
import { startEchoServer } from './startEchoServer.mjs';

const versions = { rxjs: '7.8.2', esbuild: '0.28.2', vite: '8.3.8', webpack: '5.112.1', 'metro-resolver': '0.87.1' };
/** The first of Metro's that knows `imports`, for React Native 0.76. */
const firstMetro = ['metro-resolver-first', 'npm:metro-resolver@0.81.5'];

/** The same program for both entries. It talks to the server and reports what it saw by calling `report`. */
const program = `
  globalThis.report ??= (result) => { globalThis.result = result; };
  globalThis.start = (url) => {
    const seen = [];
    const socket = webSocket(url);
    socket.subscribe({
      next: (value) => { seen.push(value); socket.next('bye'); },
      complete: () => { seen.push('complete'); globalThis.report(seen.join(' ')); },
      error: (error) => { globalThis.report('error ' + error); },
    });
    socket.next('hello');
    return typeof operators.messages === typeof messages && operators.messages === messages;
  };
`;
const expected = 'hello complete';
const apps = {
  esm: `import { webSocket, messages } from 'websocket-subject';\nimport * as operators from 'websocket-subject/operators';\n${program}`,
  cjs: `const { webSocket, messages } = require('websocket-subject');\nconst operators = require('websocket-subject/operators');\n${program}`,
};

/** Each bundler gives the code of one classic script and the modules that went into it. */
const bundlers = {
  async esbuild(require, entry, target) {
    const { build } = require('esbuild');
    const { outputFiles, metafile } = await build({
      entryPoints: [entry], bundle: true, write: false, format: 'iife', metafile: true, logLevel: 'error',
      platform: target === 'browser' ? 'browser' : 'neutral',
    });
    return { code: outputFiles[0].text, modules: Object.keys(metafile.inputs) };
  },
  async vite(require, entry, target) {
    const { build } = await import(require.resolve('vite'));
    const { output } = await build({
      configFile: false, logLevel: 'error', root: join(entry, '..'),
      ...(target === 'neutral' && { resolve: { conditions: ['worker', 'import', 'module', 'default'] } }),
      build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'app' } },
    }).then((built) => (Array.isArray(built) ? built[0] : built));
    return { code: output[0].code, modules: Object.keys(output[0].modules) };
  },
  async webpack(require, entry, target) {
    const webpack = require('webpack');
    const folder = join(entry, '..', `webpack-${target}`);
    const compiler = webpack({
      mode: 'production', devtool: false, entry, target: { browser: 'web', neutral: 'webworker' }[target] ?? target, context: join(entry, '..'),
      externals: ['bufferutil', 'utf-8-validate'], // of `ws`, both optional
      output: { path: folder, filename: 'bundle.js' }, optimization: { minimize: false, concatenateModules: false }, performance: false,
    });
    const stats = await new Promise((resolve, reject) => compiler.run((error, result) => (error ? reject(error) : resolve(result))));
    await new Promise((resolve) => compiler.close(resolve));
    if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString({ colors: false }));
    const modules = stats.toJson({ all: false, modules: true, nestedModules: true }).modules.map(({ identifier }) => identifier);
    return { code: await readFile(join(folder, 'bundle.js'), 'utf8'), modules };
  },
};

/** The transport that each of webpack's other targets takes. */
const webpackTargets = { 'electron-renderer': 'platform', 'electron-preload': 'platform', 'electron-main': 'node', node: 'node' };

/** Returns the file, in the package's folder, that Metro takes for `#transport`. */
function inMetro({ resolve }, library, platform) {
  const packageJson = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8'));
  const typeOf = (file) => statSync(file, { throwIfNoEntry: false });
  const { filePath } = resolve({
    allowHaste: false, assetExts: new Set(), customResolverOptions: {}, dev: true, disableHierarchicalLookup: false, extraNodeModules: null,
    doesFileExist: (file) => typeOf(file)?.isFile() === true,
    fileSystemLookup: (file) => (typeOf(file) ? { exists: true, realPath: file, type: typeOf(file).isFile() ? 'f' : 'd' } : { exists: false }),
    getPackage: () => packageJson,
    getPackageForModule: (file) => ({ rootPath: library, packageJson, packageRelativePath: relative(library, file) }),
    isESMImport: false, mainFields: ['react-native', 'browser', 'main'], nodeModulesPaths: [], originModulePath: join(library, 'dist/index.cjs'),
    preferNativePlatform: true, redirectModulePath: (path) => path, resolveAsset: () => undefined, resolveHasteModule: () => undefined,
    resolveHastePackage: () => undefined, sourceExts: ['js', 'json', 'cjs'], unstable_conditionNames: ['require', 'react-native'],
    unstable_conditionsByPlatform: { web: ['browser'] }, unstable_enablePackageExports: true, unstable_logWarning: () => undefined,
  }, '#transport', platform);
  return relative(library, filePath);
}

const forbiddenModules = [
  /node_modules[\\/](?:ws|isomorphic-ws)[\\/]/,
  /^(?:node:)?(?:http|https|net|tls|stream|events|crypto|url|zlib|buffer)$/,
  /__vite-browser-external/,
  /websocket-subject[\\/]dist[\\/]transport[\\/]node\./,
];
const forbiddenText = [
  /\brequire\(["'](?:node:)?(?:ws|isomorphic-ws|http|https|net|tls|stream|events|crypto|url|zlib|buffer)["']\)/,
  /\bfrom ["'](?:node:)?(?:ws|isomorphic-ws|http|https|net|tls|stream|events|crypto|url|zlib|buffer)["']/,
  /PerMessageDeflate|Sec-WebSocket-Key|isomorphic-ws|_socket\b/i,
];
const intruders = ({ code, modules }) => [
  ...modules.filter((id) => forbiddenModules.some((pattern) => pattern.test(id))),
  ...forbiddenText.flatMap((pattern) => pattern.exec(code)?.[0] ?? []),
];

/** No process, no require, no Buffer: the globals that the neutral runtimes (Deno, workers, edges) have in common. */
const neutralGlobals = { setTimeout, clearTimeout, queueMicrotask, performance, AbortController, AbortSignal, DOMException, Event, EventTarget, TextEncoder, TextDecoder, URL, console };

function inContext(code, url) {
  return new Promise((resolve, reject) => {
    const context = vm.createContext({ ...neutralGlobals, report: resolve });
    vm.runInContext(code, context); // importing where there is no WebSocket must be fine: it is put in afterwards
    context.WebSocket = WebSocket;
    if (context.start(url) !== true) reject(new Error('messages of "." and of "./operators" differ'));
    setTimeout(() => reject(new Error('no answer in the context')), 10_000).unref();
  });
}

async function inBrowser(browser, server, pages, code, where) {
  pages.set('/bundle.js', { type: 'text/javascript', body: code });
  pages.set('/worker.js', {
    type: 'text/javascript',
    body: `globalThis.report = (result) => postMessage(result);\nimportScripts('/bundle.js');\nif (!start('${server.ws}')) postMessage('identity');`,
  });
  pages.set('/', {
    type: 'text/html',
    body: where === 'page'
      ? `<!doctype html><title>page</title><script>window.answer = new Promise((resolve) => { globalThis.report = resolve; })</script>
         <script src="/bundle.js"></script><script>if (!start('${server.ws}')) report('identity');</script>`
      : `<!doctype html><title>worker</title><script>window.answer = new Promise((resolve) => {
           const worker = new Worker('/worker.js'); worker.onmessage = (e) => resolve(e.data); worker.onerror = (e) => resolve('worker: ' + e.message); })</script>`,
  });
  const page = await browser.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  try {
    await page.goto(`${server.http}/`);
    return await Promise.race([
      page.evaluate(() => window.answer),
      new Promise((resolve) => setTimeout(() => resolve(`no answer; ${problems.join('; ')}`), 10_000).unref()),
    ]);
  } finally {
    await page.close();
  }
}

const folder = await mkdtemp(join(tmpdir(), 'websocket-subject-bundles-'));
const pages = new Map();
const server = await startEchoServer(pages);
const launch = await findChromium();
const browser = launch && (await chromium.launch(launch));
let failed = 0;
try {
  const tarball = await packPackage(folder);
  const consumer = join(folder, 'consumer');
  await installInto(consumer, [tarball, ...[...Object.entries(versions), firstMetro].map(([name, version]) => `${name}@${version}`)]);
  const require = createRequire(join(consumer, 'package.json'));
  await mkdir(join(consumer, 'src'));
  for (const [bundler, bundle] of Object.entries(bundlers)) {
    for (const [format, source] of Object.entries(apps)) {
      const entry = join(consumer, 'src', `${format}.${format === 'esm' ? 'mjs' : 'cjs'}`);
      await writeFile(entry, source);
      for (const target of ['browser', 'neutral']) {
        const label = `${bundler}, ${format} entry, ${target}`;
        try {
          const bundled = await bundle(require, entry, target);
          const found = intruders(bundled);
          if (found.length > 0) throw new Error(`the bundle contains ${found.join(', ')}`);
          const results = target === 'neutral' ? { context: await inContext(bundled.code, server.ws) } : {};
          if (browser) {
            const where = target === 'browser' ? 'page' : 'worker';
            results[where] = await inBrowser(browser, server, pages, bundled.code, where);
          }
          for (const [where, result] of Object.entries(results)) {
            if (result !== expected) throw new Error(`in the ${where} it reported: ${result}`);
          }
          console.log(`ok    ${label}: ${bundled.modules.length} modules, ${Math.round(bundled.code.length / 1000)} kB, ran in: ${Object.keys(results).join(', ') || 'nothing (no Chromium)'}`);
        } catch (problem) {
          failed += 1;
          console.error(`FAIL  ${label}: ${problem instanceof Error ? problem.message : problem}`);
        }
      }
    }
  }
  const expectTransport = (label, found, wanted) => {
    if (found === wanted) return console.log(`ok    ${label}: ${found}`);
    failed += 1;
    console.error(`FAIL  ${label}: ${found}, in place of ${wanted}`);
  };
  const library = join(consumer, 'node_modules/websocket-subject');
  for (const [target, transport] of Object.entries(webpackTargets)) {
    const { modules } = await bundlers.webpack(require, join(consumer, 'src/cjs.cjs'), target);
    const found = modules.flatMap((id) => /dist\/transport\/.*/.exec(id)?.[0] ?? []);
    expectTransport(`webpack, ${target}`, found.join(' '), `dist/transport/${transport}.cjs`);
  }
  for (const name of ['metro-resolver', firstMetro[0]]) {
    for (const platform of ['ios', 'android', 'web']) {
      expectTransport(`${name}, ${platform}`, inMetro(require(name), library, platform), 'dist/transport/platform.cjs');
    }
  }
} finally {
  await browser?.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
}
console.log(failed === 0 ? 'Every bundle for a page or a worker is free of Node and runs.' : `${failed} failed.`);
process.exitCode = failed === 0 ? 0 : 1;

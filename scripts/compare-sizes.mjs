/**
 * Bundles the client of each alternative for browsers with esbuild, minified, and without rxjs, and writes versions and gzip sizes to `alternatives.json`.
 * The packages are installed into a temporary folder. A test keeps the table of the README equal to that file.
 *
 *   node scripts/compare-sizes.mjs          compares the sizes with the file, and fails when one differs by more than 1 %
 *   node scripts/compare-sizes.mjs --write  writes the file
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { installInto, root } from './packPackage.mjs';

// tsup brings it.
const esbuild = createRequire(createRequire(import.meta.url).resolve('tsup'))('esbuild');

/** What a program of each has to import to connect. Peer dependencies are installed beside it and bundled, but for rxjs. */
const alternatives = {
  'rxjs/webSocket': { package: 'rxjs', version: '7.8.2', source: `export { webSocket } from 'rxjs/webSocket';`, isOfRxjs: true },
  'rx-stomp': { package: '@stomp/rx-stomp', version: '2.4.0', source: `export { RxStomp } from '@stomp/rx-stomp';` },
  partysocket: { package: 'partysocket', version: '1.3.0', source: `export { WebSocket } from 'partysocket';` },
  'reconnecting-websocket': { package: 'reconnecting-websocket', version: '4.4.0', source: `export { default } from 'reconnecting-websocket';` },
  'graphql-ws': { package: 'graphql-ws', version: '6.4.2', source: `export { createClient } from 'graphql-ws';` },
  'socket.io-client': { package: 'socket.io-client', version: '4.8.4', source: `export { io } from 'socket.io-client';` },
};

/** Leaves out what an application with rxjs has already: everything but rxjs/webSocket's own files. */
const onlyWebSocket = {
  name: 'only-web-socket',
  setup: ({ onResolve }) => onResolve({ filter: /^\./ }, ({ path, importer }) => (/observable\/dom\/WebSocketSubject|\/dom\/webSocket/.test(join(importer, '..', path)) || /webSocket\/index/.test(importer) ? null : { path, external: true })),
};

const file = join(root, 'scripts/alternatives.json');
const [option] = process.argv.slice(2);
if (![undefined, '--write'].includes(option)) throw new Error(`unknown option ${option}`);
const folder = mkdtempSync(join(tmpdir(), 'alternatives-'));
const measured = {};
try {
  await installInto(folder, Object.values(alternatives).map(({ package: name, version }) => `${name}@${version}`));
  for (const [name, { version, source, isOfRxjs }] of Object.entries(alternatives)) {
    const { outputFiles: [{ contents }] } = await esbuild.build({
      stdin: { contents: source, resolveDir: folder }, bundle: true, minify: true, write: false, platform: 'browser', format: 'esm', target: 'es2022', conditions: ['es2015'],
      ...(isOfRxjs ? { plugins: [onlyWebSocket] } : { external: ['rxjs', 'rxjs/*'] }), legalComments: 'none', logLevel: 'error',
    });
    measured[name] = { version, bytes: gzipSync(contents, { level: 9 }).length };
    console.log(`${name} ${version}: ${measured[name].bytes} B`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const show = (bytes) => bytes.toLocaleString('en');
if (option === '--write') writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`);
else {
  const known = JSON.parse(readFileSync(file, 'utf8'));
  for (const [name, { version, bytes }] of Object.entries(measured)) {
    if (known[name]?.version === version && Math.abs(bytes - known[name].bytes) <= bytes / 100) continue;
    console.error(`FAIL  ${name} ${version}: ${show(bytes)} B is not what alternatives.json says`);
    process.exitCode = 1;
  }
}

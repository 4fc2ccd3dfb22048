/**
 * Compares ways to have the same small service in Angular: what it weighs, and what it does when a connection ends. The table in docs/guides/angular.md shows what it
 * prints. Run it by hand, after `npm run build`; it takes some minutes.
 *
 *   node scripts/compare-angular.mjs            everything
 *   node scripts/compare-angular.mjs <names...> some, by their files in scripts/consumer/angularComparison/services
 */
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright';
import { WebSocketServer } from 'ws';
import { findChromium } from '../test/setup/findChromium.mjs';
import { installInto, packPackage, root } from './packPackage.mjs';
import { run } from './run.mjs';

const source = join(root, 'scripts/consumer/angularComparison');
const names = ['none', 'rxjs', 'rx-stomp', 'partysocket', 'websocket-subject'];
const asked = process.argv.slice(2);
const node24 = ['-y', '-p', 'node@24'];

/** Serves a build, tokens and quotes, as plain JSON or as STOMP, and records when connections were made. */
async function startServer(folder) {
  const server = { made: [], tokens: 0, valid: new Set(), isRefusing: false, sockets: new WebSocketServer({ noServer: true }) };
  const http = createServer(async (request, response) => {
    if (request.method === 'POST') {
      const token = `t${++server.tokens}`;
      server.valid.add(token);
      return response.end(token);
    }
    const path = request.url === '/' ? '/index.html' : request.url;
    response.setHeader('content-type', extname(path) === '.js' ? 'text/javascript' : 'text/html');
    return response.end(await readFile(join(folder, path)).catch(() => ''));
  });
  http.on('upgrade', (request, stream, head) => {
    const token = new URL(request.url, 'http://localhost').searchParams.get('token');
    server.made.push({ at: performance.now(), token });
    if (server.isRefusing) return void stream.destroy();
    server.sockets.handleUpgrade(request, stream, head, (socket) => {
      if (!server.valid.has(token)) return socket.close(4401, 'token expired');
      if (socket.protocol !== 'v12.stomp') return socket.send('1.08');
      return socket.on('message', (data) => {
        const [command, ...headers] = String(data).split('\n');
        if (command === 'CONNECT') socket.send('CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0');
        const id = headers.find((header) => header.startsWith('id:'))?.slice(3);
        if (command === 'SUBSCRIBE') socket.send(`MESSAGE\nsubscription:${id}\nmessage-id:1\ndestination:/quotes\n\n1.08\0`);
      });
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  server.url = `http://127.0.0.1:${http.address().port}/`;
  server.each = (work) => server.sockets.clients.forEach(work);
  server.stop = () => {
    server.each((socket) => socket.terminate());
    http.close();
    http.closeAllConnections();
  };
  return server;
}

const browser = await chromium.launch(await findChromium());
const folder = await mkdtemp(join(tmpdir(), 'websocket-subject-comparison-'));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Does something to a service that is live, and says what it then does within some seconds. */
async function watch(dist, act, seconds = 35) {
  const server = await startServer(dist);
  const page = await browser.newPage();
  try {
    const text = async (id) => (await page.locator(id).textContent()).trim();
    await page.goto(server.url);
    await page.locator('#login').click();
    await page.locator('#price', { hasText: '1.08' }).waitFor();
    const before = { made: server.made.length, tokens: server.tokens };
    const started = performance.now();
    await act(server, page);
    await sleep(150);
    const shown = `${await text('#state')} (${await text('#reason')})`;
    while (performance.now() - started < seconds * 1_000 && (server.made.length === before.made || (await text('#state')) !== 'open')) await sleep(50);
    const attempts = server.made.slice(before.made).map(({ at, token }) => `${((at - started) / 1_000).toFixed(1)} s with ${token}`);
    return `at first ${shown}; attempts: ${attempts.slice(0, 5).join(', ') || 'none'}${attempts.length > 5 ? `, ${attempts.length} in all` : ''}; then ${await text('#state')}`;
  } finally {
    await page.close();
    server.stop();
  }
}

const scenarios = {
  '1012 (restart)': (server) => server.each((socket) => socket.close(1012, 'restart')),
  '4401 (expired token)': (server) => {
    server.valid.clear();
    server.each((socket) => socket.close(4401, 'token expired'));
  },
  '4403 (not allowed)': (server) => server.each((socket) => socket.close(4403, 'not allowed')),
  drop: (server) => server.each((socket) => socket.terminate()),
};

/** Logs out while it waits for a retry. */
async function logOut(server, page) {
  server.isRefusing = true;
  server.each((socket) => socket.terminate());
  await sleep(300);
  server.isRefusing = false;
  server.made.length = 0;
  await page.locator('#logout').click();
}

try {
  const tarball = await packPackage(folder);
  const example = join(root, 'examples/angular');
  const cwd = join(folder, 'app');
  const { dependencies, devDependencies, overrides } = JSON.parse(await readFile(join(example, 'package.json'), 'utf8'));
  const all = { ...dependencies, ...devDependencies };
  const wanted = ['common', 'compiler', 'core', 'platform-browser', 'build', 'cli', 'compiler-cli'].map((name) => `@angular/${name}`);
  await installInto(cwd, [
    tarball, '@stomp/rx-stomp@2.4.0', '@stomp/stompjs@7.5.0', 'uuid@14.0.3', 'partysocket@1.3.0',
    ...[...wanted, 'rxjs', 'tslib', 'typescript'].map((name) => `${name}@${all[name]}`),
  ], { type: 'module', overrides });
  await cp(source, cwd, { recursive: true });
  let without = 0;
  for (const name of names.filter((one) => one === 'none' || asked.length === 0 || asked.includes(one))) {
    const service = join(source, 'services', `${name}.ts`);
    await cp(service, join(cwd, 'src/Quotes.ts'));
    await run('npx', [...node24, 'ng', 'build'], { cwd, env: { NG_CLI_ANALYTICS: 'false' } });
    const dist = join(folder, name);
    await cp(join(cwd, 'dist/browser'), dist, { recursive: true });
    const scripts = await Promise.all((await readdir(dist)).filter((file) => file.endsWith('.js')).map((file) => readFile(join(dist, file))));
    const bytes = scripts.reduce((sum, script) => sum + gzipSync(script, { level: 9 }).length, 0);
    if (name === 'none') {
      without = bytes;
      continue;
    }
    const lines = (await readFile(service, 'utf8')).split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
    console.log(`${name}: ${lines} lines, ${((bytes - without) / 1_000).toFixed(1)} kB`);
    for (const [label, act] of Object.entries(scenarios)) console.log(`  ${label}: ${await watch(dist, act, label.startsWith('4403') ? 10 : 35)}`);
    console.log(`  a logout during a wait: ${await watch(dist, logOut, 10)}`);
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../packPackage.mjs';
import { bundleSuite } from './bundle.mjs';

/** The longest that a platform may take from one result to the next, in milliseconds. */
const patience = 60_000;

/** Runs the cases of the suite that match a pattern on a platform. Resolves with the results that it sent back, and with what kept it from the end, if anything did. */
export async function runOn(name, platform, serverUrl, pattern) {
  const folder = await mkdtemp(join(tmpdir(), `conformance-${name}-`));
  const results = [];
  let problem;
  let finish;
  const finished = new Promise((resolve) => (finish = resolve));
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => finish(`nothing came for ${patience / 1_000} s`), patience);
  };

  let script;
  const server = createServer((request, response) => void answer(request, response));
  async function answer(request, response) {
    if (request.method === 'POST') {
      const chunks = await request.toArray();
      const result = JSON.parse(Buffer.concat(chunks).toString());
      wait();
      response.end();
      if (result.section !== undefined) results.push(result);
      else finish(result.crashed);
    } else if (request.url === '/script.mjs') {
      response.setHeader('Content-Type', 'text/javascript').end(await readFile(script));
    } else {
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Conformance</title><script type="module" src="/script.mjs"></script>');
    }
  }

  await once(server.listen(0, '127.0.0.1'), 'listening');
  const page = `http://127.0.0.1:${server.address().port}`;
  script = await bundleSuite(name, platform, { pattern, results: page, server: serverUrl });
  const [command, ...args] = await platform.start({ folder, page, script });
  // In a group of its own, so that its children can be ended with it.
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said = (said + chunk).slice(-4_000)));
  child.on('error', (error) => finish(String(error)));
  child.on('exit', (code, signal) => finish(`it ended with ${signal ?? code}\n${said}`));
  wait();
  try {
    problem = await finished;
  } finally {
    clearTimeout(timer);
    stop(child);
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
  return { results, problem };
}

function stop({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

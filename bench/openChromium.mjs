import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';

/**
 * Starts Chromium with one empty page; gives its version, and what sends the page a command of the DevTools protocol. The tests' Playwright would have the
 * browser report every frame of every WebSocket: at tens of thousands a second that costs more than the page.
 */
export async function openChromium({ executablePath, args, env }) {
  const profile = mkdtempSync(join(tmpdir(), 'bench-chromium-'));
  const child = spawn(executablePath, [...args, '--remote-debugging-port=0', `--user-data-dir=${profile}`, '--window-size=1280,840', 'about:blank'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  const host = await Promise.race([
    new Promise((resolve) => {
      let output = '';
      child.stderr.on('data', (text) => {
        const named = /DevTools listening on ws:\/\/([^/]+)/.exec((output += text));
        if (named) resolve(named[1]);
      });
    }),
    ended.then(([code, signal]) => Promise.reject(new Error(`Chromium has ended with ${signal ?? code}`))),
  ]);
  const ask = async (path) => (await fetch(`http://${host}/json/${path}`)).json();
  const { webSocketDebuggerUrl } = (await ask('list')).find(({ type }) => type === 'page');
  const socket = new WebSocket(webSocketDebuggerUrl);
  await once(socket, 'open');
  const answers = new Map();
  let last = 0;
  socket.on('message', (data) => {
    const { id, ...answer } = JSON.parse(data);
    answers.get(id)?.(answer);
    answers.delete(id);
  });
  const send = async (method, params = {}) => {
    const id = ++last;
    const answered = new Promise((resolve) => answers.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await answered;
    if (error !== undefined || result.exceptionDetails !== undefined) throw new Error(`${method}: ${JSON.stringify(error ?? result.exceptionDetails)}`);
    return result;
  };
  return {
    version: (await ask('version')).Browser,
    send,
    /** Runs a function in the page, and gives what it gives or promises. */
    async evaluate(work) {
      return (await send('Runtime.evaluate', { expression: `(${work})()`, returnByValue: true, awaitPromise: true })).result.value;
    },
    async stop() {
      socket.terminate();
      child.kill();
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { ChromiumLaunch } from '../setup/findChromium.mjs';

type Params = Readonly<Record<string, unknown>>;
type Answer = Record<string, any>;
interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A Chromium controlled through the DevTools protocol alone: Playwright keeps every page in the foreground, prevents the throttling of timers and
 * renderers, and disables the back/forward cache.
 */
export class DevTools {
  readonly #child: ChildProcess;
  readonly #socket: WebSocket;
  readonly #profile: string;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, (method: string, params: Answer) => void>();
  #lastId = 0;

  private constructor(child: ChildProcess, socket: WebSocket, profile: string) {
    this.#child = child;
    this.#socket = socket;
    this.#profile = profile;
    socket.on('message', (data: Buffer) => this.#receive(JSON.parse(data.toString()) as Answer));
    socket.on('close', () => {
      for (const { reject } of this.#pending.values()) reject(new Error('the browser has exited'));
      this.#pending.clear();
    });
  }

  static async launch({ executablePath, args, env }: ChromiumLaunch, ...more: string[]): Promise<DevTools> {
    const profile = await mkdtemp(join(tmpdir(), 'websocket-subject-page-'));
    const child = spawn(executablePath, [...args, ...more, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const url = await new Promise<string>((resolve, reject) => {
      let errors = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        errors += text;
        const listening = /DevTools listening on (ws:\S+)/.exec(errors);
        if (listening) resolve(listening[1]!);
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`${executablePath} ended with ${code ?? 'a signal'}: ${errors}`)));
    });
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new DevTools(child, socket, profile);
  }

  /** Sends a command to a session; without one, to the browser itself. */
  send(method: string, params: Params = {}, sessionId?: string): Promise<Answer> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject: (error) => reject(new Error(`${method}: ${error.message}`, { cause: error })) });
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
  }

  /** Listens to the events of one session. */
  listen(sessionId: string, listener: (method: string, params: Answer) => void): void {
    this.#listeners.set(sessionId, listener);
  }

  async close(): Promise<void> {
    const exited = once(this.#child, 'exit');
    // It may exit before it answers.
    this.send('Browser.close').catch(() => undefined);
    await exited;
    this.#socket.terminate();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }

  #receive({ id, sessionId, method, params, result, error }: Answer): void {
    if (id === undefined) {
      this.#listeners.get(sessionId as string)?.(method as string, params as Answer);
      return;
    }
    const pending = this.#pending.get(id as number);
    this.#pending.delete(id as number);
    if (error === undefined) pending?.resolve(result as Answer);
    else pending?.reject(new Error((error as Error).message));
  }
}

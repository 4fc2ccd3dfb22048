import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Journal } from './Journal.js';
import type { Message } from './protocol.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The page's program and the library's sources, as one classic script. */
async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    envDir: false,
    root: here('.'),
    publicDir: false,
    cacheDir: join(tmpdir(), 'websocket-subject-page'),
    logLevel: 'warn',
    resolve: { alias: [{ find: /^#transport$/, replacement: here('../../src/transport/platform.ts') }] },
    build: { write: false, minify: false, target: 'es2022', reportCompressedSize: false, lib: { entry: here('./client.ts'), formats: ['iife'], name: 'client' } },
  });
  const [{ output }] = built as { output: { code: string }[] }[] as [{ output: [{ code: string }] }];
  return output[0].code;
}

let script: Promise<string> | undefined;

/**
 * The server of one page: serves it, takes its connections, and answers its pings, unless it is told not to. `/` has the subject, `/elsewhere` nothing.
 * It writes `server: …` into the journal, with the number of the connection.
 */
export class PageServer {
  /** Answers no opening handshake until it is told to. */
  isHolding = false;
  readonly #http: Server;
  readonly #connections: WebSocket[] = [];
  readonly #silent = new Set<WebSocket>();
  readonly #upgraded: Socket[] = [];
  #requests = 0;
  #held: (() => void)[] = [];

  private constructor(http: Server, journal: Journal) {
    this.#http = http;
    const sockets = new WebSocketServer({ noServer: true });
    http.on('upgrade', (request, socket: Socket, head) => {
      const number = this.#requests++;
      const tell = (what: string): void => journal.write(`server: ${what} ${number}`);
      tell('request');
      this.#upgraded.push(socket);
      socket.on('error', () => undefined);
      const answer = (): void => sockets.handleUpgrade(request, socket, head, (connection) => this.#accept(connection, tell));
      if (this.isHolding) {
        this.#held.push(answer);
        // One that nobody reads does not notice that it has ended.
        socket.resume().once('end', () => {
          tell('gave up');
          socket.destroy();
        });
      } else answer();
    });
  }

  static async start(journal: Journal): Promise<PageServer> {
    script ??= bundle();
    const code = await script;
    const http = createServer(({ url }, response) => {
      response.setHeader('content-type', url === '/client.js' ? 'text/javascript' : 'text/html');
      if (url === '/client.js') response.end(code);
      else response.end(`<!doctype html><title>${url}</title><script ${url === '/' ? 'src="/client.js">' : ">tell(' elsewhere')"}</script>`);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return new PageServer(http, journal);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/`;
  }

  /** Says something on the newest connection. */
  say(text: string): void {
    const message: Message = { op: 'say', text };
    this.#connections.at(-1)?.send(JSON.stringify(message));
  }

  /** Answers no ping on the connections that there are, and ends none of them: they are dead, and nobody is told. */
  silence(): void {
    for (const connection of this.#connections) this.#silent.add(connection);
  }

  /** Reads nothing on the connections that there are until it is told to, so that no Close is answered. */
  pause(): void {
    for (const connection of this.#connections) connection.pause();
  }

  resume(): void {
    for (const connection of this.#connections) connection.resume();
  }

  /** Ends every connection, without a word. */
  drop(): void {
    for (const connection of this.#connections) connection.terminate();
  }

  /** Answers the handshakes that it has held back, and all that come. */
  answer(): void {
    this.isHolding = false;
    for (const answer of this.#held.splice(0)) answer();
  }

  async close(): Promise<void> {
    this.#http.closeAllConnections();
    for (const socket of this.#upgraded) socket.destroy();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #accept(connection: WebSocket, tell: (what: string) => void): void {
    this.#connections.push(connection);
    tell('open');
    connection.on('error', () => undefined);
    connection.on('close', (code) => tell(`close ${code}`));
    connection.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      tell(message.op === 'say' ? `said ${message.text}` : message.op);
      if (message.op === 'ping' && !this.#silent.has(connection)) connection.send(JSON.stringify({ op: 'pong' } satisfies Message));
    });
  }
}

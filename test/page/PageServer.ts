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

/** Bundles the script of the page and the sources of the library into one classic script. */
async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    envDir: false,
    root: here('.'),
    publicDir: false,
    cacheDir: join(tmpdir(), 'websocket-subject-page'),
    logLevel: 'warn',
    resolve: { alias: [{ find: /^#transport$/, replacement: here('../../src/connection/platform.ts') }] },
    build: { write: false, minify: false, target: 'es2022', reportCompressedSize: false, lib: { entry: here('./client.ts'), formats: ['iife'], name: 'client' } },
  });
  const [{ output }] = built as { output: { code: string }[] }[] as [{ output: [{ code: string }] }];
  return output[0].code;
}

let script: Promise<string> | undefined;

/**
 * The server of one page: serves it, accepts its connections and answers its pings. `/` has the subject, `/elsewhere` has none. It writes `server: …`
 * entries with the number of the connection into the journal.
 */
export class PageServer {
  /** While true, no opening handshake is answered; see `answer()`. */
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
      const report = (what: string): void => journal.write(`server: ${what} ${number}`);
      report('request');
      this.#upgraded.push(socket);
      socket.on('error', () => undefined);
      const answer = (): void => sockets.handleUpgrade(request, socket, head, (connection) => this.#accept(connection, report));
      if (this.isHolding) {
        this.#held.push(answer);
        // A socket that is not read does not notice its end.
        socket.resume().once('end', () => {
          report('gave up');
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
      else response.end(`<!doctype html><title>${url}</title><script ${url === '/' ? 'src="/client.js">' : ">report(' elsewhere')"}</script>`);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return new PageServer(http, journal);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/`;
  }

  /** Sends a text on the newest connection. */
  send(text: string): void {
    const message: Message = { op: 'text', text };
    this.#connections.at(-1)?.send(JSON.stringify(message));
  }

  /** Stops answering pings on the present connections, without ending them: they die silently. */
  silence(): void {
    for (const connection of this.#connections) this.#silent.add(connection);
  }

  /** Stops reading on the present connections until `resume()`, so that no Close is answered. */
  pause(): void {
    for (const connection of this.#connections) connection.pause();
  }

  resume(): void {
    for (const connection of this.#connections) connection.resume();
  }

  /** Terminates every connection without a Close. */
  drop(): void {
    for (const connection of this.#connections) connection.terminate();
  }

  /** Answers the pending handshakes, and all later ones. */
  answer(): void {
    this.isHolding = false;
    for (const answer of this.#held.splice(0)) answer();
  }

  async close(): Promise<void> {
    this.#http.closeAllConnections();
    for (const socket of this.#upgraded) socket.destroy();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #accept(connection: WebSocket, report: (what: string) => void): void {
    this.#connections.push(connection);
    report('open');
    connection.on('error', () => undefined);
    connection.on('close', (code) => report(`close ${code}`));
    connection.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      report(message.op === 'text' ? `text ${message.text}` : message.op);
      if (message.op === 'ping' && !this.#silent.has(connection)) connection.send(JSON.stringify({ op: 'pong' } satisfies Message));
    });
  }
}

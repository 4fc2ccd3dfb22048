import { isFunction } from '../config/checkArguments.js';
import { checkOptions } from '../config/checkOptions.js';
import type { WebSocketCtor } from '../config/WebSocketLike.js';
import { currentEnvironment, environmentKey, withEnvironment, type Environment } from '../connection/Environment.js';
import { TestConnection } from './TestConnection.js';
import { TestPage } from './TestPage.js';
import { isBinary, TestSocket } from './TestSocket.js';
import { WsTestSocket } from './WsTestSocket.js';

/** Options of {@link testServer}. */
export interface TestServerOptions {
  /**
   * Whether the server accepts connections by itself, in a microtask of a promise (`'auto'`, the default), or waits for `accept()` (`'manual'`). With
   * `'manual'` an attempt has no `connectTimeout`, unless the config names one.
   */
  readonly accept?: 'auto' | 'manual' | undefined;
  /**
   * The kind of the client's sockets. `'platform'` (the default): the `WebSocket` of the standard. `'ws'` adds the features of that package that this
   * library uses: status and headers of a refusal, `terminate()` and ping frames.
   */
  readonly like?: 'platform' | 'ws' | undefined;
  /** The randomness of policies and of page signals, from 0 up to, but not including, 1. Default `() => 0.5`: random waits are the same in every run. */
  readonly random?: (() => number) | undefined;
  /** Called with each connection, in a microtask of a promise, before it is accepted. */
  readonly onConnection?: ((connection: TestConnection) => void) | undefined;
  /** Called with each value that a client has sent, in a microtask of a promise. Use it to answer. */
  readonly onMessage?: ((value: unknown, connection: TestConnection) => void) | undefined;
  /** Encodes a value given to `send()`. Default: JSON, and bytes as they are. */
  readonly encode?: ((value: unknown) => string | ArrayBuffer | ArrayBufferView) | undefined;
  /** Decodes a frame, text or a `Uint8Array`, for `received` and `onMessage`. Default: JSON, other text as it is, bytes as they are. */
  readonly decode?: ((frame: string | Uint8Array) => unknown) | undefined;
}

/** Selects connections: by URL, by a pattern of the URL, or by a function. All by default. */
export type ConnectionMatch = string | URL | RegExp | ((connection: TestConnection) => boolean);

interface Matcher {
  /** Its description in error messages. */
  readonly text: string;
  readonly isMatch: (connection: TestConnection) => boolean;
}

interface Waiter {
  readonly matcher: Matcher;
  resolve(connection: TestConnection): void;
  reject(error: unknown): void;
}

/** If the test does not use the server during this many attempts, they are a loop without waits, in which no timer of the test runner would ever fire. */
const mostAttempts = 10_000;

const isOneOf = (...values: string[]) => [(value: unknown) => values.includes(value as string), `'${values.join("' or '")}'`] as const;
const aFunction = [isFunction, 'a function'] as const;

/** A server in memory. {@link testServer} makes it. */
export class TestServer {
  /** The class of transports that connect to this server, for `WebSocketCtor` of a config. */
  readonly WebSocket: WebSocketCtor;
  /** All connections, the oldest first, including those that were refused or have ended. */
  readonly connections: readonly TestConnection[] = [];
  /** The page of the subjects of this server. */
  readonly page = new TestPage();
  readonly #options: TestServerOptions;
  readonly #untaken = new Set<TestConnection>();
  readonly #waiters = new Set<Waiter>();
  /** Refuses an attempt while the server is down. */
  #refuse: ((connection: TestConnection) => void) | undefined;
  #uninstall: (() => void) | undefined;
  /** How many attempts there were since the test has looked. */
  #attempts = 0;

  /** @internal */
  constructor(where: string, options: TestServerOptions) {
    this.#options = checkOptions(where, options, {
      accept: isOneOf('auto', 'manual'),
      like: isOneOf('platform', 'ws'),
      random: aFunction,
      onConnection: aFunction,
      onMessage: aFunction,
      encode: aFunction,
      decode: aFunction,
    });
    this.WebSocket = this.#makeClass();
  }

  /**
   * Waits for the next connection that no call has returned yet. By default it is open.
   *
   * @param match - selects connections, all by default.
   */
  connection(match?: ConnectionMatch): Promise<TestConnection> {
    return new Promise((resolve, reject) => {
      this.#attempts = 0;
      this.#waiters.add({ matcher: matcherOf(match), resolve, reject });
      this.#serveWaiters();
    });
  }

  /**
   * Returns the only connection that no call has returned yet. It may be connecting; `send()` and `close()` accept it.
   *
   * @param match - selects connections, all by default.
   * @throws an error that lists all connections, unless there is exactly one.
   */
  expectOne(match?: ConnectionMatch): TestConnection {
    const { found, text } = this.#find(match);
    const [first] = found;
    if (!first || found.length > 1) throw new Error(`expected one connection${text}, found ${found.length}: ${this.#describe()}`);
    return this.#take(first);
  }

  /**
   * Throws an error that lists all connections, if there is one that no call has returned yet.
   *
   * @param match - selects connections, all by default.
   */
  expectNone(match?: ConnectionMatch): void {
    const { found: { length }, text } = this.#find(match);
    if (length > 0) throw new Error(`expected no connection${text}, found ${length}: ${this.#describe()}`);
  }

  /**
   * Throws if a `connection()` still waits, or if there is a connection that no call has returned, unless the server has an `onConnection`. Call it after
   * each test. It reports each problem once.
   */
  verify(): void {
    const [waiter] = this.#waiters;
    try {
      if (waiter) throw new Error(`no connection was made for connection()${waiter.matcher.text}: ${this.#describe()}`);
      if (!this.#options.onConnection) this.expectNone();
    } finally {
      this.#waiters.clear();
      this.#untaken.clear();
    }
  }

  /**
   * Makes every attempt fail that begins before `up()`. `verify()` ignores these connections.
   *
   * @param status - the HTTP status with which attempts are refused; by default they fail as if there were no server.
   */
  down(status?: number): void {
    this.#refuse = (connection) => (status === undefined ? connection.drop() : connection.refuse(status));
  }

  /** Accepts connections again. */
  up(): void {
    this.#refuse = undefined;
  }

  /** Replaces the global `WebSocket` until `restore()`, for code that creates its own sockets. The library then uses it in Node, too. */
  install(): void {
    if (this.#uninstall) return;
    const { WebSocket: present } = globalThis as { WebSocket?: { [environmentKey]?: object } };
    if (present?.[environmentKey]) throw new Error('install(): restore() the other server first');
    const replaced = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
    Object.defineProperty(globalThis, 'WebSocket', { value: this.WebSocket, configurable: true, writable: true });
    this.#uninstall = () => {
      if (replaced) Object.defineProperty(globalThis, 'WebSocket', replaced);
      else Reflect.deleteProperty(globalThis, 'WebSocket');
    };
  }

  /** Puts the global `WebSocket` back. */
  restore(): void {
    this.#uninstall?.();
    this.#uninstall = undefined;
  }

  /**
   * Calls a function. The subjects that it makes connect to this server, unless their config has a `WebSocketCtor`.
   *
   * @param factory - must make its subjects before it returns.
   * @returns what the function returns.
   */
  run<T>(factory: () => T): T {
    return withEnvironment({ ...currentEnvironment(), WebSocketCtor: this.WebSocket }, factory);
  }

  #makeClass(): WebSocketCtor {
    const { accept, like, random = () => 0.5 } = this.#options;
    const connect = (socket: TestSocket, options: unknown): TestConnection => this.#connect(socket, options);
    const Socket = like === 'ws' ? WsTestSocket : TestSocket;
    const environment: Environment = { random, page: this.page.globals, ...(accept === 'manual' && { connectTimeout: Infinity }) };
    class WebSocket extends Socket {
      static readonly [environmentKey] = environment;

      constructor(url: string, protocols?: string | string[], options?: unknown) {
        super(url, protocols, (socket) => connect(socket, options).client);
      }
    }
    return WebSocket;
  }

  #connect(socket: TestSocket, options: unknown): TestConnection {
    const { accept, decode = decodeJson, encode = encodeJson, onConnection, onMessage } = this.#options;
    const connection = new TestConnection(socket, options, { encode, decode, onMessage, forget: (one) => this.#untaken.delete(one) });
    const refuse = this.#refuse;
    (this.connections as TestConnection[]).push(connection);
    if (!refuse) this.#untaken.add(connection);
    const isLoop = ++this.#attempts > mostAttempts;
    void Promise.resolve().then(() => {
      if (isLoop) throw new Error(`${mostAttempts} attempts without a wait`);
      const isConnecting = (): boolean => connection.state === 'connecting';
      if (refuse) {
        if (isConnecting()) refuse(connection);
        return;
      }
      onConnection?.(connection);
      if (accept !== 'manual' && isConnecting()) connection.accept();
      this.#serveWaiters();
    });
    return connection;
  }

  /** Resolves the pending calls of `connection()`, in order. */
  #serveWaiters(): void {
    for (const waiter of this.#waiters) {
      try {
        const connection = [...this.#untaken].find(waiter.matcher.isMatch);
        if (!connection) continue;
        waiter.resolve(this.#take(connection));
      } catch (error) {
        waiter.reject(error);
      }
      this.#waiters.delete(waiter);
    }
  }

  #find(match: ConnectionMatch | undefined): { readonly found: readonly TestConnection[]; readonly text: string } {
    this.#attempts = 0;
    const matcher = matcherOf(match);
    return { found: [...this.#untaken].filter(matcher.isMatch), text: matcher.text };
  }

  #take(connection: TestConnection): TestConnection {
    this.#untaken.delete(connection);
    return connection;
  }

  #describe(): string {
    const all = this.connections.map((one) => `${one.url} (${one.state}${this.#untaken.has(one) ? '' : ', taken'})`);
    return all.length === 0 ? 'no connection was made' : `made were ${all.join(', ')}`;
  }
}

function matcherOf(match: ConnectionMatch | undefined): Matcher {
  const text = match === undefined ? '' : ` to ${typeof match === 'function' ? 'that match' : String(match)}`;
  if (match === undefined) return { text, isMatch: () => true };
  if (typeof match === 'function') return { text, isMatch: match };
  if (match instanceof RegExp) return { text, isMatch: ({ url }) => url.search(match) >= 0 };
  const hrefAt = (base: string): string => new URL(match, base).href.replace(/^http/, 'ws');
  hrefAt('ws://host'); // throws if it is no URL
  return { text, isMatch: ({ url }) => url === hrefAt(url) };
}

function encodeJson(value: unknown): string | ArrayBuffer | ArrayBufferView {
  return isBinary(value) ? value : JSON.stringify(value);
}

function decodeJson(frame: unknown): unknown {
  try {
    return typeof frame === 'string' ? (JSON.parse(frame) as unknown) : frame;
  } catch {
    return frame;
  }
}

/**
 * Makes a server in memory, to test code that uses WebSockets. It needs no network, and replaces no global unless you call `install()`.
 *
 * The randomness of its subjects is fixed, and their page is `server.page`. It does not control time: use the fake timers of your test runner.
 *
 * @param options - see {@link TestServerOptions}; an unknown one, or an impossible value, throws a `TypeError` that names it.
 *
 * @example
 * ```ts
 * import { after, reconnectOnCode, webSocket } from 'websocket-subject';
 * import { testServer } from 'websocket-subject/testing';
 *
 * const server = testServer();
 * const socket = webSocket<number>({ url: 'wss://quotes.example.com', WebSocketCtor: server.WebSocket }).pipeEvents(reconnectOnCode({ 1012: after(0) }));
 * socket.subscribe((price) => console.log(price));
 *
 * const first = await server.connection('wss://quotes.example.com');
 * first.send(1.08);
 * first.close(1012, 'restart');
 * const second = await server.connection();
 * second.send(1.09);
 * socket.close();
 * second.closedWith; // => { code: 1000, reason: '' }
 * server.verify();
 * ```
 */
export function testServer(options: TestServerOptions = {}): TestServer {
  return new TestServer('testServer', options);
}

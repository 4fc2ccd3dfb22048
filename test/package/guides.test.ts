import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import * as rxjs from 'rxjs';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as library from '../../src/index.js';
import type { SocketStatus, WebSocketSubject } from '../../src/index.js';
import { testServer, type TestServer } from '../../src/testing/index.js';
import { codeBlocksOfMarkdown } from './codeBlocks.js';

let server: TestServer;
beforeEach(() => {
  vi.useFakeTimers();
  server = testServer();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Runs the block of a guide that has this text in it, with these globals, and returns what it declares under these names. */
function runBlock<T>(guide: string, text: string, names: readonly (keyof T & string)[], globals: Record<string, unknown> = {}): T {
  const page = readFileSync(new URL(`../../docs/guides/${guide}.md`, import.meta.url), 'utf8');
  const [block, ...more] = codeBlocksOfMarkdown(guide, page).filter(({ code }) => code.includes(text));
  if (!block || more.length > 0) throw new Error(`${guide}.md has not one block with ${text}`);
  const { outputText } = ts.transpileModule(block.code.replace(/^export (?=const)/gm, ''), { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const modules: Record<string, unknown> = { rxjs, 'websocket-subject': library };
  const code = `${outputText}\nreturn { ${names.join(', ')} };`;
  return server.run(() => compileFunction(code, ['require', 'exports', ...Object.keys(globals)])((name: string) => modules[name], {}, ...Object.values(globals)) as T);
}

const microtasks = (): Promise<void> => vi.advanceTimersByTimeAsync(0).then(() => undefined);

describe('log in', () => {
  type Socket = { socket: WebSocketSubject<unknown> };

  it('sends the token first, and what waits after the welcome', async () => {
    const { socket } = runBlock<Socket>('log-in', 'login refused', ['socket'], { session: { token: () => Promise.resolve('secret') } });
    socket.subscribe({ error: () => undefined });
    const connection = await server.connection();
    await microtasks();
    expect(connection.received).toEqual([{ op: 'login', token: 'secret' }]);
    connection.send({ op: 'welcome' });
    await microtasks();
    expect(connection.received).toEqual([{ op: 'login', token: 'secret' }, { op: 'watch', symbol: 'EURUSD' }]);
  });

  it('closes with 4401 and stops when the login is refused', async () => {
    const { socket } = runBlock<Socket>('log-in', 'login refused', ['socket'], { session: { token: () => Promise.resolve('secret') } });
    socket.subscribe({ error: () => undefined });
    const connection = await server.connection();
    await microtasks();
    connection.send({ op: 'refused' });
    await microtasks();
    expect(connection.closedWith).toEqual({ code: 4401, reason: 'login refused' });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(server.connections).toHaveLength(1);
  });

  it('fetches another token when the last one has expired, twice', async () => {
    const token = vi.fn(({ fresh }: { fresh: boolean }) => Promise.resolve(fresh ? 'new' : 'old'));
    const { socket } = runBlock<Socket>('log-in', 'hasExpired', ['socket'], { session: { token } });
    socket.subscribe({ error: () => undefined });
    for (const expected of ['old', 'new', 'new']) {
      const connection = await server.connection();
      await microtasks();
      expect(connection.received).toEqual([{ op: 'login', token: expected }]);
      connection.close(4401);
      await microtasks();
    }
    expect(server.connections).toHaveLength(3);
  });

  it('offers the token as a subprotocol', async () => {
    const { socket } = runBlock<Socket>('log-in', 'bearer.', ['socket'], { session: { token: () => Promise.resolve('abc') } });
    socket.subscribe({ error: () => undefined });
    expect((await server.connection()).protocols).toEqual(['quotes.v1', 'bearer.abc']);
  });

  it('gets a ticket for every attempt', async () => {
    let ticket = 0;
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(String(++ticket))));
    const { socket } = runBlock<Socket>('log-in', '?ticket=', ['socket']);
    socket.subscribe({ error: () => undefined });
    const first = await server.connection();
    first.drop();
    await vi.advanceTimersByTimeAsync(1_000);
    vi.unstubAllGlobals();
    expect([first.url, (await server.connection()).url]).toEqual(['wss://quotes.example.com/?ticket=1', 'wss://quotes.example.com/?ticket=2']);
  });
});

it('the banner counts down, and says nothing while the connection is open', async () => {
  const texts: string[] = [];
  const banner = { set textContent(text: string) { texts.push(text); }, toggleAttribute: () => true };
  const { socket } = runBlock<{ socket: WebSocketSubject<unknown> }>('banner', 'bannerOf', ['socket'], { document: { querySelector: () => banner } });
  socket.subscribe({ error: () => undefined });
  const connection = await server.connection();
  connection.close(1012, 'retry-after=3');
  await vi.advanceTimersByTimeAsync(3_000);
  (await server.connection()).close(4401);
  await microtasks();
  expect(texts).toEqual([
    '', 'Connecting …', '',
    'Connection lost. Trying again in 3 s.', 'Connection lost. Trying again in 2 s.', 'Connection lost. Trying again in 1 s.',
    'Connecting, attempt 2 …', '', 'Disconnected: private use.',
  ]);
});

it('the reconnect button makes a new connection, and after the end a new session', async () => {
  let click = (): void => undefined;
  const button = { addEventListener: (_: string, listener: () => void) => (click = listener) };
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  runBlock('reconnect-button', '#reconnect', [], { document: { querySelector: () => button } });
  const first = await server.connection();
  click();
  await microtasks();
  expect(first.closedWith).toEqual({ code: 1000, reason: '' });
  (await server.connection()).close(4401);
  await microtasks();
  click();
  expect((await server.connection()).state).toBe('open');
});

describe('resume', () => {
  it('asks for what follows the last entry', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
    runBlock('resume', "op: 'since'", []);
    const first = await server.connection();
    first.send({ seq: 7, text: 'seven' });
    first.drop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([first.received, (await server.connection()).received]).toEqual([[{ op: 'since', seq: 0 }], [{ op: 'since', seq: 7 }]]);
  });

  it('applies what arrived before the snapshot, and no change twice', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    let answer = (_: unknown): void => undefined;
    vi.stubGlobal('fetch', () => new Promise((resolve) => (answer = (snapshot) => resolve({ json: () => Promise.resolve(snapshot) }))));
    runBlock('resume', 'fetchSnapshot', []);
    const connection = await server.connection();
    connection.send({ version: 4, symbol: 'A', price: 4 }); // in the snapshot already
    connection.send({ version: 6, symbol: 'A', price: 6 });
    answer({ version: 5, prices: { A: 5, B: 1 } });
    await microtasks();
    connection.send({ version: 7, symbol: 'B', price: 7 });
    vi.unstubAllGlobals();
    expect(log.mock.calls.map(([prices]) => prices as unknown).at(-1)).toEqual({ A: 6, B: 7 });
    expect(log.mock.calls[0]).toEqual([{ A: 5, B: 1 }]);
  });
});

it('many rows: one request for a symbol, asked again after a reconnect from where it was', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const { quotesOf } = runBlock<{ quotesOf(symbol: string): rxjs.Observable<unknown> }>('many-rows', 'quotesOf', ['quotesOf']);
  quotesOf('EURUSD').subscribe({ error: () => undefined }); // a second row
  const first = await server.connection();
  first.send({ symbol: 'EURUSD', seq: 3, price: 1 });
  first.drop();
  await vi.advanceTimersByTimeAsync(1_000);
  const watch = { op: 'watch', symbol: 'EURUSD' };
  expect([first.received, (await server.connection()).received]).toEqual([[{ ...watch, after: null }], [{ ...watch, after: 3 }]]);
});

it('send: an order is sent again until it is confirmed', async () => {
  const { place } = runBlock<{ place(order: object): void }>('send', 'unconfirmed', ['place']);
  const first = await server.connection();
  place({ id: 1, amount: 10 });
  place({ id: 2, amount: 20 });
  first.send({ confirmed: 1 });
  first.drop();
  place({ id: 3, amount: 30 });
  await vi.advanceTimersByTimeAsync(1_000);
  const second = await server.connection();
  await microtasks();
  expect(first.received).toEqual([{ id: 1, amount: 10 }, { id: 2, amount: 20 }]);
  expect(second.received).toEqual([{ id: 2, amount: 20 }, { id: 3, amount: 30 }]);
});

it('stop on 401: the status tells the page to ask for a login', async () => {
  const askForLogin = vi.fn();
  runBlock('stop-on-401', 'askForLogin', [], { askForLogin });
  (await server.connection()).close(4401, 'expired');
  await microtasks();
  expect(askForLogin).toHaveBeenCalledExactlyOnceWith('expired');
});

it('routes: the connection outlives a change of pages', async () => {
  const states: SocketStatus['state'][] = [];
  const { quotes } = runBlock<{ quotes: WebSocketSubject<unknown> }>('routes', 'linger: 5_000', ['quotes']);
  quotes.status.subscribe(({ state }) => states.push(state));
  const page = quotes.subscribe();
  const connection = await server.connection();
  page.unsubscribe();
  await vi.advanceTimersByTimeAsync(4_000);
  const next = quotes.subscribe();
  await vi.advanceTimersByTimeAsync(10_000);
  expect([server.connections.length, connection.state]).toEqual([1, 'open']);
  next.unsubscribe();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(connection.state).toBe('closed');
  expect(states).toEqual(['idle', 'connecting', 'open', 'closing', 'closed']);
});

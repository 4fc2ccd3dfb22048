import { describe, expect, it, vi } from 'vitest';
import { heartbeat, HandshakeRefusedError, ping, reconnectOnCode, webSocket, type SocketOpen } from '../../src/index.js';
import { testServer, type TestServer } from '../../src/testing/index.js';
import { record } from './record.js';

/** As code uses it that knows nothing of this library. */
const newSocket = (server: TestServer, url = 'wss://host/', protocols?: string | string[]): WebSocket =>
  new (server.WebSocket as unknown as typeof WebSocket)(url, protocols);

const log = (socket: WebSocket): string[] => {
  const seen: string[] = [];
  for (const type of ['open', 'message', 'error', 'close']) socket.addEventListener(type, () => seen.push(`${type}@${socket.readyState}`));
  return seen;
};

describe("the client's end is a WebSocket of the standard", () => {
  it.each([
    ['ftp://host', undefined], ['wss://host/#part', undefined], ['wss://host/#', undefined], ['/relative', undefined], ['', undefined],
    ['wss://host', ''], ['wss://host', ['a', 'a']], ['wss://host', ['a', 'A']], ['wss://host', 'a b'], ['wss://host', 'a,b'], ['wss://host', 'é'],
  ])('refuses %j with %j', (url, protocols) => {
    const server = testServer();
    expect(() => newSocket(server, url, protocols)).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
    server.verify();
  });

  it('takes http and https for ws and wss', () => {
    const server = testServer();
    expect([newSocket(server, 'http://host').url, newSocket(server, 'HTTPS://host/a?b').url]).toEqual(['ws://host/', 'wss://host/a?b']);
  });

  it('has the constants, on the class and on each socket', () => {
    const server = testServer();
    const states = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 };
    for (const [name, value] of Object.entries(states)) expect([Reflect.get(server.WebSocket, name), Reflect.get(newSocket(server), name)]).toEqual([value, value]);
  });

  it('emits in the order of the standard, with readyState changed before each event', async () => {
    const server = testServer();
    const socket = newSocket(server);
    const seen = log(socket);
    const connection = await server.connection();
    connection.send(1);
    connection.close();
    expect(seen).toEqual(['open@1', 'message@1', 'close@3']);
  });

  it('close() while connecting: an error, then the close, after it has returned', async () => {
    const server = testServer();
    const socket = newSocket(server);
    const seen = log(socket);
    socket.close();
    expect([socket.readyState, seen]).toEqual([2, []]);
    await Promise.resolve();
    expect(seen).toEqual(['error@3', 'close@3']);
  });

  it('send() while connecting throws; after close() it is counted in bufferedAmount', async () => {
    const server = testServer();
    const socket = newSocket(server);
    expect(() => socket.send('x')).toThrow(expect.objectContaining({ name: 'InvalidStateError' }));
    const connection = await server.connection();
    socket.close();
    socket.send('é');
    socket.send(new Uint8Array(3));
    socket.send(new Blob(['1234']));
    expect([socket.bufferedAmount, connection.received]).toEqual([9, []]);
  });

  it('drops messages after close(), and has no second close event', async () => {
    const server = testServer();
    const socket = newSocket(server);
    const seen = log(socket);
    const connection = await server.connection();
    connection.ignoreClose();
    socket.close();
    socket.close(1000);
    connection.send('late');
    connection.answerClose();
    expect(seen).toEqual(['open@1', 'close@3']);
    expect(connection.closedWith).toEqual({ code: 1005, reason: '' });
  });

  it.each([[1001], [999], [1005], [5000]])('close(%s) throws and changes nothing', async (code) => {
    const server = testServer();
    const socket = newSocket(server);
    await server.connection();
    expect(() => socket.close(code)).toThrow(expect.objectContaining({ name: 'InvalidAccessError' }));
    expect(() => socket.close(1000, 'x'.repeat(124))).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
    expect(socket.readyState).toBe(1);
  });

  it('calls handlers and listeners: functions, objects, those for once; and removes them', async () => {
    const server = testServer();
    const socket = newSocket(server);
    const [handler, once, removed, object] = [vi.fn(), vi.fn(), vi.fn(), { handleEvent: vi.fn() }];
    socket.onmessage = handler;
    socket.addEventListener('message', once, { once: true });
    socket.addEventListener('message', removed);
    socket.removeEventListener('message', removed);
    socket.addEventListener('message', object);
    socket.addEventListener('message', null as never);
    const connection = await server.connection();
    connection.send('a');
    connection.send('b');
    expect([handler, once, removed, object.handleEvent].map(({ mock }) => mock.calls.length)).toEqual([2, 1, 0, 2]);
    expect(handler.mock.calls[0]?.[0]).toMatchObject({ type: 'message', data: '"a"', target: socket });
  });

  it('gives a page no reason for a failure, and no terminate(), pings or on()', () => {
    const server = testServer();
    const socket = newSocket(server);
    const error = vi.fn();
    socket.onerror = error;
    server.expectOne().refuse(401);
    expect(Object.keys(error.mock.calls[0]?.[0] as object)).toEqual(['type', 'target', 'currentTarget']);
    for (const name of ['terminate', 'ping', 'on']) expect(socket).not.toHaveProperty(name);
  });
});

describe("like: 'ws'", () => {
  const url = 'wss://host/';
  const subject = (server: TestServer) => webSocket<unknown>({ url, WebSocketCtor: server.WebSocket });

  it('shows status, headers and body of a refusal, at once', () => {
    const server = testServer({ like: 'ws' });
    const { events } = record(subject(server).events);
    server.expectOne().refuse(503, { headers: { 'Retry-After': '30' }, body: 'later' });
    const close = events.at(-1);
    expect(close).toMatchObject({ type: 'close', code: 1006, opened: false, httpStatus: 503 });
    expect(close).toMatchObject({ cause: { status: 503, body: 'later', headers: { 'retry-after': '30' }, retryAfter: 30_000 } });
    expect((close as unknown as { cause: unknown }).cause).toBeInstanceOf(HandshakeRefusedError);
  });

  it('leaves no timer behind after a refusal', () => {
    vi.useFakeTimers();
    try {
      const server = testServer({ like: 'ws' });
      record(subject(server).events);
      server.expectOne().refuse(401);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('down(401) stops at the third attempt, as the defaults say', async () => {
    const server = testServer({ like: 'ws', random: () => 0 });
    server.down(401);
    const { terminal } = record(subject(server).pipeEvents(reconnectOnCode()).events);
    await vi.waitFor(() => expect(terminal()).toBe('error'));
    expect(server.connections).toHaveLength(3);
  });

  it('has pings, which the server answers unless it ignores them', async () => {
    const server = testServer({ like: 'ws' });
    const { events } = record(subject(server).events);
    const connection = await server.connection();
    const open = events[1] as SocketOpen<unknown>;
    expect(await ping(open)).toBeGreaterThanOrEqual(0);
    connection.ignorePings();
    const pending = ping(open);
    connection.drop();
    await expect(pending).rejects.toMatchObject({ name: 'InvalidStateError' });
  });

  it('S19: a heartbeat keeps a connection while the clock is advanced in one step', () => {
    vi.useFakeTimers();
    const server = testServer({ like: 'ws' });
    const socket = webSocket({ url: 'wss://host', WebSocketCtor: server.WebSocket }).pipeEvents(heartbeat());
    socket.subscribe();
    const connection = server.expectOne();
    connection.accept();
    vi.advanceTimersByTime(3_600_000);
    expect(connection.state).toBe('open');
    vi.useRealTimers();
  });

  it('S19: a heartbeat ends a connection that answers no pings', async () => {
    vi.useFakeTimers();
    try {
      const server = testServer({ like: 'ws' });
      const { events } = record(subject(server).pipeEvents(heartbeat({ every: 1_000, timeout: 500 })).events);
      const connection = await server.connection();
      await vi.advanceTimersByTimeAsync(10_000);
      expect(connection.state).toBe('open');
      connection.ignorePings();
      await vi.advanceTimersByTimeAsync(1_500);
      expect(events.at(-1)).toMatchObject({ code: 1006, cause: { phase: 'heartbeat' } });
      expect(connection.state).toBe('closed');
    } finally {
      vi.useRealTimers();
    }
  });

  it('terminate() ends it in a microtask: 1006, with an error while it is connecting', async () => {
    const server = testServer({ like: 'ws', accept: 'manual' });
    for (const isOpen of [false, true]) {
      const socket = newSocket(server) as WebSocket & { terminate(): void };
      const seen = log(socket);
      const connection = server.expectOne();
      if (isOpen) connection.accept();
      socket.terminate();
      expect([connection.state, connection.closedWith]).toEqual(['closed', null]);
      await Promise.resolve();
      expect(seen).toEqual(isOpen ? ['open@1', 'close@3'] : ['error@3', 'close@3']);
    }
  });

  it('calls listeners of on() with the arguments of ws', () => {
    const server = testServer({ like: 'ws' });
    const socket = newSocket(server) as unknown as { on(type: string, listener: unknown): unknown; off(type: string, listener: unknown): unknown };
    const [message, close, off] = [vi.fn(), vi.fn(), vi.fn()];
    socket.on('message', message);
    socket.on('close', close);
    socket.on('close', off);
    socket.off('close', off);
    const connection = server.expectOne();
    connection.send('a');
    connection.send(new Uint8Array([1]));
    connection.close(1001, 'away');
    expect(message.mock.calls).toEqual([['"a"', false], [new Uint8Array([1]), true]]);
    expect(close.mock.calls).toEqual([[1001, 'away']]);
    expect(off).not.toHaveBeenCalled();
  });
});

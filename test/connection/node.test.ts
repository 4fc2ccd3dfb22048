import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { webSocket, type WebSocketSubject, type WebSocketSubjectConfig } from '../../src/index.js';
import { corkOf } from '../../src/connection/node.js';
import { recorded, type Recorded } from '../subject/recorded.js';

/** A `ws` client that exposes the stream that it writes to. */
class ExposedWebSocket extends WebSocket {
  static stream: Socket;

  constructor(...args: ConstructorParameters<typeof WebSocket>) {
    super(...args);
    this.on('upgrade', ({ socket }) => (ExposedWebSocket.stream = socket));
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Records what one side of a connection has received. */
class Received {
  readonly texts: string[] = [];
  pings = 0;
  close: { code: number } | undefined;
  #changed: () => void = () => undefined;

  listen(socket: WebSocket): void {
    socket.on('message', (data: Buffer) => this.#note(() => this.texts.push(data.toString())));
    socket.on('ping', () => this.#note(() => this.pings++));
    socket.on('close', (code) => this.#note(() => (this.close = { code })));
    socket.on('error', () => undefined);
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.#changed = resolve));
  }

  #note(what: () => unknown): void {
    what();
    this.#changed();
  }
}

describe('on ws, the values of one task', () => {
  let server: WebSocketServer;
  let received: Received;
  let subjects: WebSocketSubject<unknown, number>[];
  beforeEach(async () => {
    received = new Received();
    subjects = [];
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket) => received.listen(socket));
    await once(server, 'listening');
  });
  afterEach(() => {
    for (const subject of subjects) subject.unsubscribe();
    for (const client of server.clients) client.terminate();
    server.close();
  });

  const url = (): string => `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function open(config: Partial<WebSocketSubjectConfig<unknown, number>> = {}): Promise<{ socket: WebSocketSubject<unknown, number>; seen: Recorded }> {
    const socket = webSocket<unknown, number>({ url: url(), WebSocketCtor: ExposedWebSocket, ...config });
    subjects.push(socket);
    const seen = recorded(socket.events);
    await new Promise<void>((resolve) => socket.status.subscribe(({ state }) => state === 'open' && resolve()));
    await nextTurn();
    return { socket, seen };
  }

  it('are written together at its end, in order, except the first, which is written at once', async () => {
    const { socket } = await open();
    const { stream } = ExposedWebSocket;
    socket.next(1);
    expect([stream.writableCorked, stream.writableLength]).toEqual([0, 0]);
    for (const n of [2, 3]) socket.next(n);
    expect([stream.writableCorked, stream.writableLength]).toEqual([1, 14]);
    await Promise.resolve();
    expect([stream.writableCorked, stream.writableLength]).toEqual([0, 0]);
    socket.next(4);
    expect([stream.writableCorked, stream.writableLength]).toEqual([0, 0]);
    await received.until(() => received.texts.length === 4);
    expect(received.texts).toEqual(['1', '2', '3', '4']);
  });

  it('that waited in the outbox are written together too, at most 256 at a time', async () => {
    const socket = webSocket<unknown, number>({ url: url(), WebSocketCtor: ExposedWebSocket });
    subjects.push(socket);
    for (let n = 0; n < 600; n++) socket.next(n);
    const held: number[] = [];
    recorded(socket.events);
    await new Promise<void>((resolve) =>
      socket.status.subscribe(({ state, queued }) => {
        if (state !== 'open' || queued > 0) return;
        held.push(ExposedWebSocket.stream.writableLength);
        resolve();
      }),
    );
    // 600 values: the first is written at once, then twice 256. The rest has 9 bytes each.
    expect(held).toEqual([87 * 9]);
    await received.until(() => received.texts.length === 600);
    expect(received.texts.map(Number)).toEqual([...Array(600).keys()]);
  });

  it('S15: are written before the buffer is checked, so held values do not count as buffered', async () => {
    const { socket } = await open({ outbox: { highWaterMark: 0 } });
    let queued = 0;
    socket.status.subscribe((status) => (queued = Math.max(queued, status.queued)));
    for (let n = 0; n < 20; n++) socket.next(n);
    expect(queued).toBe(0);
    await received.until(() => received.texts.length === 20);
  });

  it('are sent before the Close of close() and of complete()', async () => {
    for (const end of ['close', 'complete'] as const) {
      received = new Received();
      const { socket, seen } = await open();
      for (const n of [1, 2]) socket.next(n);
      socket[end]();
      await received.until(() => received.close !== undefined);
      expect([received.texts, received.close]).toEqual([['1', '2'], { code: 1000 }]);
      expect(seen.log.slice(0, 2)).toEqual(['connecting 0', 'open 0']);
    }
  });

  it('are sent although the connection is aborted in the same task', async () => {
    const { socket, seen } = await open();
    for (const n of [1, 2]) socket.next(n);
    const [, event] = seen.events;
    if (event?.type === 'open') event.abort();
    await received.until(() => received.close !== undefined);
    expect([received.texts, received.close]).toEqual([['1', '2'], { code: 1006 }]);
  });

  it('keep their order with a ping that your code sends, and a paused transport sends them too', async () => {
    let transport: WebSocket | undefined;
    const { socket } = await open({
      transport: () => {
        transport = new ExposedWebSocket(url());
        return transport;
      },
    });
    socket.next(1);
    transport?.ping();
    transport?.pause();
    socket.next(2);
    await received.until(() => received.texts.length === 2 && received.pings === 1);
    expect(received.texts).toEqual(['1', '2']);
    transport?.resume();
  });

  it('are lost without an uncaught error when the connection drops in that task', async () => {
    const { socket, seen } = await open();
    const { stream } = ExposedWebSocket;
    for (const n of [1, 2, 3]) socket.next(n);
    stream.destroy();
    socket.next(4);
    await new Promise<void>((resolve) => socket.status.subscribe(({ state }) => state === 'closed' && resolve()));
    await received.until(() => received.close !== undefined);
    expect(stream.writableCorked).toBe(0);
    // The held values are lost, but the first value of the task was written at once.
    expect(received.texts).toEqual(['1']);
    expect(seen.log.slice(2)).toEqual(['close 1006 unclean transport', 'WebSocketCloseError']);
  });

  it('keep their order, and come before Close, where ws compresses them asynchronously', async () => {
    const compressing = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: { threshold: 0 } });
    compressing.on('connection', (accepted) => received.listen(accepted));
    await once(compressing, 'listening');
    try {
      const { socket, seen } = await open({
        url: `ws://127.0.0.1:${(compressing.address() as AddressInfo).port}`, transportOptions: { perMessageDeflate: { threshold: 0 } }, outbox: { highWaterMark: 50 },
      });
      expect(seen.events[1]).toMatchObject({ extensions: expect.stringContaining('permessage-deflate') });
      for (let n = 0; n < 100; n++) socket.next(n);
      socket.complete();
      await received.until(() => received.close !== undefined);
      expect([received.texts.map(Number), received.close]).toEqual([[...Array(100).keys()], { code: 1000 }]);
    } finally {
      for (const client of compressing.clients) client.terminate();
      compressing.close();
    }
  });

  it('are written one by one on a socket that a server accepted, which does not expose its stream', async () => {
    const client = new WebSocket(url());
    const atClient = new Received();
    atClient.listen(client);
    const [accepted] = (await once(server, 'connection')) as [WebSocket];
    const socket = webSocket<unknown, number>({ url: 'ws://client', transport: () => accepted });
    subjects.push(socket);
    socket.subscribe({ error: () => undefined });
    for (const n of [1, 2, 3]) socket.next(n);
    await atClient.until(() => atClient.texts.length === 3);
    expect(atClient.texts).toEqual(['1', '2', '3']);
    client.terminate();
  });
});

describe('over TLS, the values of one task', () => {
  const ciphers = 'PSK-AES128-GCM-SHA256';
  const tls = { ciphers, maxVersion: 'TLSv1.2' } as const;
  const psk = Buffer.from('for this test only');
  let https: Server;
  let received: Received;
  beforeEach(async () => {
    received = new Received();
    https = createServer({ ...tls, pskCallback: () => psk });
    const server = new WebSocketServer({ server: https });
    server.on('connection', (socket) => received.listen(socket));
    https.listen(0, '127.0.0.1');
    await once(https, 'listening');
  });
  afterEach(() => {
    https.closeAllConnections();
    https.close();
  });

  it('are written together, in order, and before Close', async () => {
    const socket = webSocket<unknown, number>({
      url: `wss://127.0.0.1:${(https.address() as AddressInfo).port}`,
      WebSocketCtor: ExposedWebSocket,
      transportOptions: { ...tls, pskCallback: () => ({ psk, identity: 'client' }), checkServerIdentity: () => undefined },
    });
    const seen = recorded(socket.events);
    await new Promise<void>((resolve) => socket.status.subscribe(({ state }) => state === 'open' && resolve()));
    await nextTurn();
    for (let n = 0; n < 300; n++) socket.next(n);
    expect(ExposedWebSocket.stream.writableCorked).toBe(1);
    await Promise.resolve();
    expect(ExposedWebSocket.stream.writableCorked).toBe(0);
    socket.next(300);
    socket.close(4000);
    await received.until(() => received.close !== undefined);
    expect([received.texts.map(Number), received.close]).toEqual([[...Array(301).keys()], { code: 4000 }]);
    await new Promise<void>((resolve) => socket.status.subscribe(({ state }) => state === 'closed' && resolve()));
    expect(seen.log.slice(-2)).toEqual(['close 4000 clean local', 'complete']);
  });
});

describe('on a transport that is not ws, corkOf holds nothing back', () => {
  let upgrade: () => void;
  beforeEach(() => (upgrade = () => undefined));
  const upgradingLaterWith = (response: unknown) => (event: string, upgraded: (response: unknown) => void): void => {
    if (event === 'upgrade') upgrade = () => upgraded(response);
  };
  it.each([
    ['that has no events', {}],
    ['whose on() throws', { on: () => { throw new Error('not an event emitter'); } }],
    ['whose upgrade has no response', { on: upgradingLaterWith(undefined) }],
    ['whose response has no stream', { on: upgradingLaterWith({}) }],
    ['whose stream has no cork()', { on: upgradingLaterWith({ socket: { uncork: () => undefined } }) }],
    ['whose stream has no uncork()', { on: upgradingLaterWith({ socket: { cork: () => undefined } }) }],
  ])('%s', (_, methods) => {
    const cork = corkOf(methods as never);
    upgrade();
    for (let values = 0; values < 3; values++) cork?.hold(10);
    cork?.release();
  });
});

import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { webSocket, type WebSocketSubject, type WebSocketSubjectConfig } from '../../src/index.js';
import { corkOf } from '../../src/transport/node.js';
import { recorded, type Recorded } from '../subject/recorded.js';

/** A `ws` that tells which stream it writes to. */
class Seen extends WebSocket {
  static stream: Socket;

  constructor(...args: ConstructorParameters<typeof WebSocket>) {
    super(...args);
    this.on('upgrade', ({ socket }) => (Seen.stream = socket));
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Values that the server of a test has got, and what it waits for. */
class Inbox {
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

describe('values of one turn, on ws', () => {
  let server: WebSocketServer;
  let inbox: Inbox;
  let subjects: WebSocketSubject<unknown, number>[];
  beforeEach(async () => {
    inbox = new Inbox();
    subjects = [];
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket) => inbox.listen(socket));
    await once(server, 'listening');
  });
  afterEach(() => {
    for (const subject of subjects) subject.unsubscribe();
    for (const client of server.clients) client.terminate();
    server.close();
  });

  const url = (): string => `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function open(config: Partial<WebSocketSubjectConfig<unknown, number>> = {}): Promise<{ socket: WebSocketSubject<unknown, number>; seen: Recorded }> {
    const socket = webSocket<unknown, number>({ url: url(), WebSocketCtor: Seen, ...config });
    subjects.push(socket);
    const seen = recorded(socket.events);
    await new Promise<void>((resolve) => socket.status.subscribe(({ state }) => state === 'open' && resolve()));
    await nextTurn();
    return { socket, seen };
  }

  it('leave together when it is over, in order, but for the first, which leaves at once', async () => {
    const { socket } = await open();
    const { stream } = Seen;
    socket.next(1);
    expect([stream.writableCorked, stream.writableLength]).toEqual([0, 0]);
    for (const n of [2, 3]) socket.next(n);
    expect([stream.writableCorked, stream.writableLength]).toEqual([1, 14]);
    await Promise.resolve();
    expect([stream.writableCorked, stream.writableLength]).toEqual([0, 0]);
    socket.next(4);
    expect([stream.writableCorked, stream.writableLength]).toEqual([0, 0]);
    await inbox.until(() => inbox.texts.length === 4);
    expect(inbox.texts).toEqual(['1', '2', '3', '4']);
  });

  it('that waited for the open leave together, too, and take no more memory than that', async () => {
    const socket = webSocket<unknown, number>({ url: url(), WebSocketCtor: Seen });
    subjects.push(socket);
    for (let n = 0; n < 600; n++) socket.next(n);
    const held: number[] = [];
    recorded(socket.events);
    await new Promise<void>((resolve) =>
      socket.status.subscribe(({ state, queued }) => {
        if (state !== 'open' || queued > 0) return;
        held.push(Seen.stream.writableLength);
        resolve();
      }),
    );
    // 599 less twice 256, of 9 bytes each.
    expect(held).toEqual([87 * 9]);
    await inbox.until(() => inbox.texts.length === 600);
    expect(inbox.texts.map(Number)).toEqual([...Array(600).keys()]);
  });

  it('S15: are handed over before the buffer is looked at: what is only held back is not in anybody\'s way', async () => {
    const { socket } = await open({ outbox: { highWaterMark: 0 } });
    let queued = 0;
    socket.status.subscribe((status) => (queued = Math.max(queued, status.queued)));
    for (let n = 0; n < 20; n++) socket.next(n);
    expect(queued).toBe(0);
    await inbox.until(() => inbox.texts.length === 20);
  });

  it('leave before the Close of close(), and before that of complete()', async () => {
    for (const end of ['close', 'complete'] as const) {
      inbox = new Inbox();
      const { socket, seen } = await open();
      for (const n of [1, 2]) socket.next(n);
      socket[end]();
      await inbox.until(() => inbox.close !== undefined);
      expect([inbox.texts, inbox.close]).toEqual([['1', '2'], { code: 1000 }]);
      expect(seen.log.slice(0, 2)).toEqual(['connecting 0', 'open 0']);
    }
  });

  it('leave though the connection is aborted in the same turn', async () => {
    const { socket, seen } = await open();
    for (const n of [1, 2]) socket.next(n);
    const [, event] = seen.events;
    if (event?.type === 'open') event.abort();
    await inbox.until(() => inbox.close !== undefined);
    expect([inbox.texts, inbox.close]).toEqual([['1', '2'], { code: 1006 }]);
  });

  it('keep their order with a ping of the program\'s, and a pause holds none of them', async () => {
    let transport: WebSocket | undefined;
    const { socket } = await open({
      transport: () => {
        transport = new Seen(url());
        return transport;
      },
    });
    socket.next(1);
    transport?.ping();
    transport?.pause();
    socket.next(2);
    await inbox.until(() => inbox.texts.length === 2 && inbox.pings === 1);
    expect(inbox.texts).toEqual(['1', '2']);
    transport?.resume();
  });

  it('are lost without an error when the connection is lost in that turn', async () => {
    const { socket, seen } = await open();
    const { stream } = Seen;
    for (const n of [1, 2, 3]) socket.next(n);
    stream.destroy();
    socket.next(4);
    await new Promise<void>((resolve) => socket.status.subscribe(({ state }) => state === 'closed' && resolve()));
    await inbox.until(() => inbox.close !== undefined);
    expect(stream.writableCorked).toBe(0);
    // What was held back is lost, and the first value of the turn was not.
    expect(inbox.texts).toEqual(['1']);
    expect(seen.log.slice(2)).toEqual(['close 1006 unclean transport', 'WebSocketCloseError']);
  });

  it('keep their order where ws compresses them, which it does in its own time, and stay before Close', async () => {
    const compressing = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: { threshold: 0 } });
    compressing.on('connection', (accepted) => inbox.listen(accepted));
    await once(compressing, 'listening');
    try {
      const { socket, seen } = await open({
        url: `ws://127.0.0.1:${(compressing.address() as AddressInfo).port}`, transportOptions: { perMessageDeflate: { threshold: 0 } }, outbox: { highWaterMark: 50 },
      });
      expect(seen.events[1]).toMatchObject({ extensions: expect.stringContaining('permessage-deflate') });
      for (let n = 0; n < 100; n++) socket.next(n);
      socket.complete();
      await inbox.until(() => inbox.close !== undefined);
      expect([inbox.texts.map(Number), inbox.close]).toEqual([[...Array(100).keys()], { code: 1000 }]);
    } finally {
      for (const client of compressing.clients) client.terminate();
      compressing.close();
    }
  });

  it('leave one by one from a socket that a server accepted: it tells nobody what it writes to', async () => {
    const client = new WebSocket(url());
    inbox = new Inbox();
    const got = new Inbox();
    got.listen(client);
    const [accepted] = (await once(server, 'connection')) as [WebSocket];
    const socket = webSocket<unknown, number>({ url: 'ws://client', transport: () => accepted });
    subjects.push(socket);
    socket.subscribe({ error: () => undefined });
    for (const n of [1, 2, 3]) socket.next(n);
    await got.until(() => got.texts.length === 3);
    expect(got.texts).toEqual(['1', '2', '3']);
    client.terminate();
  });
});

describe('values of one turn, over TLS', () => {
  const ciphers = 'PSK-AES128-GCM-SHA256';
  const tls = { ciphers, maxVersion: 'TLSv1.2' } as const;
  const psk = Buffer.from('for this test only');
  let https: Server;
  let inbox: Inbox;
  beforeEach(async () => {
    inbox = new Inbox();
    https = createServer({ ...tls, pskCallback: () => psk });
    const server = new WebSocketServer({ server: https });
    server.on('connection', (socket) => inbox.listen(socket));
    https.listen(0, '127.0.0.1');
    await once(https, 'listening');
  });
  afterEach(() => {
    https.closeAllConnections();
    https.close();
  });

  it('leave together in order, and before Close', async () => {
    const socket = webSocket<unknown, number>({
      url: `wss://127.0.0.1:${(https.address() as AddressInfo).port}`,
      WebSocketCtor: Seen,
      transportOptions: { ...tls, pskCallback: () => ({ psk, identity: 'client' }), checkServerIdentity: () => undefined },
    });
    const seen = recorded(socket.events);
    await new Promise<void>((resolve) => socket.status.subscribe(({ state }) => state === 'open' && resolve()));
    await nextTurn();
    for (let n = 0; n < 300; n++) socket.next(n);
    expect(Seen.stream.writableCorked).toBe(1);
    await Promise.resolve();
    expect(Seen.stream.writableCorked).toBe(0);
    socket.next(300);
    socket.close(4000);
    await inbox.until(() => inbox.close !== undefined);
    expect([inbox.texts.map(Number), inbox.close]).toEqual([[...Array(301).keys()], { code: 4000 }]);
    await new Promise<void>((resolve) => socket.status.subscribe(({ state }) => state === 'closed' && resolve()));
    expect(seen.log.slice(-2)).toEqual(['close 4000 clean local', 'complete']);
  });
});

describe('a transport that is no ws', () => {
  it.each([
    ['without events', {}],
    ['whose on() throws', { on: () => { throw new Error('another on'); } }],
    ['whose upgrade has no response', { on: (_: string, upgraded: () => void) => upgraded() }],
    ['whose response has no stream', { on: (_: string, upgraded: (response: object) => void) => upgraded({}) }],
    ['whose stream cannot hold anything back', { on: (_: string, upgraded: (response: object) => void) => upgraded({ socket: { write: () => true } }) }],
  ])('%s writes as it likes', (_, methods) => {
    expect(() => corkOf(methods as never)?.hold(10)).not.toThrow();
  });
});

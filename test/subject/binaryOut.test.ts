import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { runInNewContext } from 'node:vm';
import { filter, firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { SerializeError, webSocket, type WebSocketSubject } from '../../src/index.js';
import { fakeSockets } from './FakeSocket.js';
import { recorded } from './recorded.js';

const serializer = (value: unknown): string => value as string;

const opened = (socket: WebSocketSubject<unknown>): Promise<unknown> => firstValueFrom(socket.events.pipe(filter(({ type }) => type === 'open')));
function setUp() {
  const sockets = fakeSockets();
  const socket = webSocket<unknown>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, serializer });
  return { sockets, socket };
}

describe('the result of a serializer', () => {
  it.each([[new Blob(['b'])], [undefined], [null], [5], [{}], [[1, 2]], [new Date(0)], [{ size: 1 }], [{ arrayBuffer: 1, size: 1 }], [{ [Symbol.toStringTag]: 'Buffer] of mine' }], [() => 'text']])('S14: must not be %o', (value) => {
    const { socket } = setUp();
    expect(() => socket.next(value)).toThrow(SerializeError);
  });

  it('S14: the error says what it was, and what to send in place of a Blob', () => {
    const { socket } = setUp();
    expect(() => socket.next(new Blob(['b']))).toThrow(
      expect.objectContaining({ cause: new TypeError('[object Blob] is neither text nor bytes; of a Blob, send its arrayBuffer()') }),
    );
  });

  it('is copied if it is binary, and an open transport receives the copy', () => {
    const { socket, sockets } = setUp();
    recorded(socket.events);
    sockets.last.open();
    const values = [new ArrayBuffer(2), Uint8Array.of(1, 2), Buffer.from('a'), new DataView(new ArrayBuffer(2)), new ArrayBuffer(0)];
    for (const value of values) socket.next(value);
    const sent = sockets.last.sent as unknown as Uint8Array[];
    expect(sent.map((data) => [...data])).toEqual([[0, 0], [1, 2], [97], [0, 0], []]);
    for (const data of sent) expect(values.some((value) => value === data || ('buffer' in value && value.buffer === data.buffer))).toBe(false);
  });

  it('takes no more memory in the outbox than it has bytes', () => {
    const { socket, sockets } = setUp();
    socket.next(new Uint8Array(1_000).subarray(10, 12));
    recorded(socket.events);
    sockets.last.open();
    expect((sockets.last.sent as unknown as Uint8Array[]).map(({ buffer }) => buffer.byteLength)).toEqual([2]);
  });
});

describe('bytes on ws', () => {
  let server: WebSocketServer;
  let url: string;
  const listen = async (options: object): Promise<void> => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1', ...options });
    await once(server, 'listening');
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterEach(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });

  /** So many messages of so many equal bytes, as the first byte of each, or `mixed`. */
  const received = (socket: WebSocket, count: number): Promise<string[]> =>
    new Promise((resolve) => {
      const all: string[] = [];
      socket.on('message', (data: Buffer) => {
        all.push(data.equals(Buffer.alloc(data.length, data[0])) ? String(data[0]) : 'mixed');
        if (all.length === count) resolve(all);
      });
    });

  it('arrive as they were when next() was called, though ws compresses them later', async () => {
    await listen({ perMessageDeflate: true });
    const accepted = once(server, 'connection') as Promise<[WebSocket]>;
    const socket = webSocket<unknown>({ url, serializer, transportOptions: { perMessageDeflate: true } });
    const seen = recorded(socket.events);
    const [peer] = await accepted;
    expect(await opened(socket)).toMatchObject({ extensions: 'permessage-deflate' });
    const messages = received(peer, 3);
    const memory = new Uint8Array(50_000);
    for (const byte of [1, 2, 3]) socket.next(memory.fill(byte));
    memory.fill(9);
    expect(await messages).toEqual(['1', '2', '3']);
    seen.unsubscribe();
  });

  it('arrive as they were when next() was called on a socket that a server accepted, whose ws does not copy them', async () => {
    await listen({});
    const accepted = once(server, 'connection') as Promise<[WebSocket]>;
    const client = new WebSocket(url);
    const [given] = await accepted;
    await once(client, 'open');
    client.pause();
    const socket = webSocket<unknown>({ url, transport: () => given, serializer });
    const seen = recorded(socket.events);
    const messages = received(client, 16);
    const memory = new Uint8Array(1 << 20).fill(1);
    for (let count = 0; count < 16; count++) socket.next(memory);
    memory.fill(9);
    client.resume();
    expect(await messages).toEqual(Array(16).fill('1'));
    seen.unsubscribe();
  });

  it('of another realm arrive, and are not masked in place', async () => {
    await listen({});
    const accepted = once(server, 'connection') as Promise<[WebSocket]>;
    const socket = webSocket<unknown>({ url, serializer });
    const seen = recorded(socket.events);
    const [peer] = await accepted;
    await opened(socket);
    const messages = received(peer, 2);
    const foreign = runInNewContext('new Uint8Array(8).fill(7)') as Uint8Array;
    socket.next(foreign.buffer);
    socket.next(foreign);
    expect(await messages).toEqual(['7', '7']);
    expect([...foreign]).toEqual(Array(8).fill(7));
    seen.unsubscribe();
  });
});

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { runInNewContext } from 'node:vm';
import { filter, firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { OutboxOverflowError, SerializeError, webSocket, type BlobLike, type WebSocketSubject, type WebSocketSubjectConfig } from '../../src/index.js';
import { fakeSockets } from './FakeSocket.js';
import { recorded } from './recorded.js';
import { lastClose } from './setUp.js';

const serializer = (value: unknown): string => value as string;

/** A Blob that counts how often it was asked for its bytes, and gives what the test says. */
class SlowBlob implements BlobLike {
  readonly size = 2;
  readonly type = '';
  asked = 0;
  give!: (bytes: unknown) => void;
  readonly #bytes = new Promise<unknown>((resolve) => (this.give = resolve));

  arrayBuffer(): Promise<ArrayBuffer> {
    this.asked++;
    return this.#bytes as Promise<ArrayBuffer>;
  }
}

const bytesOf = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer;
const opened = (socket: WebSocketSubject<unknown>): Promise<unknown> => firstValueFrom(socket.events.pipe(filter(({ type }) => type === 'open')));
/** What was promised so far has come. */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

function setUp(config: Partial<WebSocketSubjectConfig<unknown>> = {}) {
  const sockets = fakeSockets();
  const socket = webSocket<unknown>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, serializer, ...config });
  const warnings: unknown[] = [];
  socket.warnings.subscribe((warning) => warnings.push(warning));
  const sent = (): string[] =>
    (sockets.last.sent as unknown[]).map((data) => (typeof data === 'string' ? data : `<${Buffer.from(data as ArrayBuffer).toString()}>`));
  return { sockets, socket, warnings, sent };
}

describe('a Blob in the outbox', () => {
  it('S13: is read when it is next on an open connection, not before, and once', async () => {
    const { socket, sockets, sent } = setUp();
    const [one, two] = [new SlowBlob(), new SlowBlob()];
    for (const value of ['a', one, 'b', two]) socket.next(value);
    const seen = recorded(socket.events);
    await settled();
    expect(one.asked).toBe(0);
    sockets.last.open();
    expect(sent()).toEqual(['a']);
    socket.next('c');
    expect([one.asked, two.asked]).toEqual([1, 0]);
    one.give(bytesOf('1'));
    await settled();
    expect(sent()).toEqual(['a', '<1>', 'b']);
    expect([one.asked, two.asked]).toEqual([1, 1]);
    two.give(bytesOf('2'));
    await settled();
    expect(sent()).toEqual(['a', '<1>', 'b', '<2>', 'c']);
    seen.unsubscribe();
  });

  it('S13: that a lost connection had begun to read is read once, and sent by the next session', async () => {
    const { socket, sockets, sent } = setUp();
    const blob = new SlowBlob();
    recorded(socket.events);
    sockets.last.open();
    socket.next(blob);
    sockets.last.drop();
    recorded(socket.events);
    sockets.last.open();
    blob.give(bytesOf('1'));
    await settled();
    expect([sent(), blob.asked, sockets.made.length]).toEqual([['<1>'], 1, 2]);
  });

  it('S13: that a lost connection had begun to read, and that cannot be read, is told of once', async () => {
    const { socket, sockets, warnings, sent } = setUp();
    const blob = new SlowBlob();
    recorded(socket.events);
    sockets.last.open();
    for (const value of [blob, 'behind']) socket.next(value);
    sockets.last.drop();
    recorded(socket.events);
    sockets.last.open();
    blob.give(Promise.reject(new Error('gone')));
    await settled();
    expect(sent()).toEqual(['behind']);
    expect(warnings).toEqual([{ kind: 'dropped', values: [blob], why: 'its Blob could not be read: Error: gone' }]);
  });

  it.each([['text'], [undefined], [new Blob(['b'])], [{}]])('S14: that gives no bytes but %o is dropped with a warning', async (given) => {
    const { socket, sockets, warnings, sent } = setUp();
    recorded(socket.events);
    sockets.last.open();
    const blob = new SlowBlob();
    for (const value of [blob, 'behind']) socket.next(value);
    blob.give(given);
    await settled();
    expect(sent()).toEqual(['behind']);
    expect(warnings).toMatchObject([{ kind: 'dropped', values: [blob], why: expect.stringContaining('gave no ArrayBuffer') }]);
  });

  it('S14: whose arrayBuffer() throws is dropped with a warning', async () => {
    const { socket, sockets, warnings, sent } = setUp();
    recorded(socket.events);
    sockets.last.open();
    const arrayBuffer = (): never => {
      throw new Error('broken');
    };
    for (const value of [{ size: 1, type: '', arrayBuffer }, 'behind']) socket.next(value);
    await settled();
    expect(sent()).toEqual(['behind']);
    expect(warnings).toMatchObject([{ kind: 'dropped', why: 'its Blob could not be read: Error: broken' }]);
  });

  it('S13: that an end has taken away is not sent, nor told of, when it is read at last', async () => {
    const { socket, sockets, warnings, sent } = setUp();
    const seen = recorded(socket.events);
    sockets.last.open();
    const blob = new SlowBlob();
    socket.next(blob);
    socket.close();
    blob.give(Promise.reject(new Error('gone')));
    await settled();
    sockets.last.closeClean(1000);
    expect(lastClose(seen).unsent).toEqual([blob]);
    expect([sent(), warnings]).toEqual([[], []]);
  });

  it('S13: that is never read keeps complete() waiting for no longer than closeTimeout', () => {
    vi.useFakeTimers();
    try {
      const { socket, sockets, sent } = setUp({ closeTimeout: 1_000 });
      const seen = recorded(socket.events);
      sockets.last.open();
      const values = [new SlowBlob(), 'behind'];
      for (const value of values) socket.next(value);
      socket.complete();
      vi.advanceTimersByTime(999);
      expect(sockets.last.closes).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(sockets.last.closes).toEqual([[1000]]);
      expect(lastClose(seen)).toMatchObject({ code: 1006, initiator: 'local', unsent: values });
      expect(sent()).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("S15: that is being read makes room under 'drop-oldest', and what follows goes out", async () => {
    const { socket, sockets, warnings, sent } = setUp({ outbox: { maxValues: 2, overflow: 'drop-oldest' } });
    recorded(socket.events);
    sockets.last.open();
    const blob = new SlowBlob();
    for (const value of [blob, 'a', 'b']) socket.next(value);
    expect(sent()).toEqual(['a', 'b']);
    blob.give(bytesOf('1'));
    await settled();
    expect(sent()).toEqual(['a', 'b']);
    expect(warnings).toMatchObject([{ kind: 'dropped', values: [blob] }]);
  });

  it('S15: counts as a value that waits, on an open connection too', () => {
    const { socket, sockets } = setUp({ outbox: { maxValues: 0 } });
    recorded(socket.events);
    sockets.last.open();
    socket.next('a');
    expect(() => socket.next(new Blob(['b']))).toThrow(OutboxOverflowError);
    expect(sockets.last.sent).toEqual(['a']);
  });
});

describe('what a serializer gives', () => {
  it.each([[undefined], [null], [5], [{}], [[1, 2]], [new Date(0)], [{ size: 1 }], [{ arrayBuffer: 1, size: 1 }], [() => 'text']])('S14: may not be %o', (value) => {
    const { socket } = setUp();
    expect(() => socket.next(value)).toThrow(SerializeError);
    expect(() => socket.next(value)).toThrow('neither a string nor binary data');
  });

  it('may stand in a plain buffer: then that very buffer goes to an open transport', () => {
    const { socket, sockets } = setUp();
    recorded(socket.events);
    sockets.last.open();
    const values = [new ArrayBuffer(2), new Uint8Array(2), Buffer.from('a'), new DataView(new ArrayBuffer(2)), new ArrayBuffer(0)];
    for (const value of values) socket.next(value);
    (sockets.last.sent as unknown[]).forEach((data, index) => expect(data).toBe(values[index]));
    expect(sockets.last.sent).toHaveLength(values.length);
  });

  it('keeps no larger memory in the outbox than it has bytes', () => {
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

  it('are as they were when next() was called, though ws compresses them later', async () => {
    await listen({ perMessageDeflate: true });
    const accepted = once(server, 'connection') as Promise<[WebSocket]>;
    const socket = webSocket<unknown>({ url, serializer });
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

  it('are as they were when next() was called on the side of a server, whose ws hands them to TCP as they are', async () => {
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

  it('of another realm arrive, and are not masked where they stand', async () => {
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

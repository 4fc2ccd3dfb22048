import { once } from 'node:events';
import { runInNewContext } from 'node:vm';
import { firstValueFrom, toArray, take } from 'rxjs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { DeserializeError, webSocket, type WebSocketCtor, type WebSocketSubjectConfig } from '../../src/index.js';
import { localServer } from '../server/localServer.js';
import { fakeSockets, FakeSocket } from './FakeSocket.js';
import { recorded } from './recorded.js';

type Config = Partial<WebSocketSubjectConfig<unknown>>;
const raw: Config = { deserializer: ({ data }) => data };

const inShort = async (data: unknown): Promise<string> => {
  const tag = Object.prototype.toString.call(data).slice(8, -1);
  const bytes = tag === 'Blob' ? await (data as Blob).arrayBuffer() : (data as ArrayBuffer);
  return typeof data === 'string' ? `text ${data}` : `${tag} ${Buffer.from(bytes).toString('hex')}`;
};

/** Sockets of `ws` that stay with a type of their own, whatever they are asked for, but for `known`. */
function stubborn(own: 'nodebuffer' | 'fragments' | 'arraybuffer', known: readonly string[] = []): WebSocketCtor {
  const { get, set } = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'binaryType')!;
  return class extends WebSocket {
    constructor(url: string) {
      super(url);
      set!.call(this, own);
      Object.defineProperty(this, 'binaryType', {
        get: () => get!.call(this),
        set: (type: string) => known.includes(type) && set!.call(this, type),
      });
    }
  };
}

describe('binary data of a socket that takes no notice of binaryType', () => {
  const local = localServer();
  beforeEach(() => {
    local.server.on('connection', (socket) => {
      socket.send(Buffer.from([1, 2]));
      socket.send('text');
      socket.send(Buffer.from([3]), { fin: false });
      socket.send(Buffer.from([4, 5]), { fin: true });
    });
  });

  it.each([
    ['Buffers, as of ws before 8.18, asked for Blobs', stubborn('nodebuffer', ['arraybuffer', 'nodebuffer']), 'blob', 'Blob'],
    ['Buffers', stubborn('nodebuffer'), 'arraybuffer', 'ArrayBuffer'],
    ['arrays of Buffers', stubborn('fragments'), 'arraybuffer', 'ArrayBuffer'],
    ['arrays of Buffers, asked for Blobs', stubborn('fragments'), 'blob', 'Blob'],
    ['ArrayBuffers, asked for Blobs', stubborn('arraybuffer'), 'blob', 'Blob'],
  ] as const)('is what was asked for, and nothing but the message: %s', async (_, WebSocketCtor, binaryType, kind) => {
    const messages = await firstValueFrom(webSocket({ url: local.url, WebSocketCtor, binaryType, ...raw }).pipe(take(3), toArray()));
    expect(await Promise.all(messages.map(inShort))).toEqual([`${kind} 0102`, 'text text', `${kind} 030405`]);
  });

  it.each(['arraybuffer', 'blob'] as const)('is what was asked for when a server accepted the socket: %s', async (binaryType) => {
    const accepted = once(local.server, 'connection') as Promise<[WebSocket]>;
    const client = new WebSocket(local.url);
    const [socket] = await accepted;
    const messages = firstValueFrom(webSocket({ url: local.url, transport: () => socket, binaryType, ...raw }).pipe(take(2), toArray()));
    await once(client, 'open');
    client.send(Buffer.from([9, 1, 2, 9]).subarray(1, 3));
    client.send('text');
    const kind = binaryType === 'blob' ? 'Blob' : 'ArrayBuffer';
    expect(await Promise.all((await messages).map(inShort))).toEqual([`${kind} 0102`, 'text text']);
  });
});

describe('what a mock gives', () => {
  const connected = (config: Config = {}, WebSocketCtor?: WebSocketCtor) => {
    const sockets = fakeSockets();
    const events: unknown[] = [];
    const deserializer: Config['deserializer'] = (event) => (events.push(event), event.data);
    const socket = webSocket({ url: 'ws://fake', WebSocketCtor: WebSocketCtor ?? sockets.WebSocketCtor, deserializer, ...config });
    const warnings: unknown[] = [];
    socket.warnings.subscribe((warning) => warnings.push(warning));
    const seen = recorded(socket.events);
    const messages = () => seen.events.flatMap((event) => (event.type === 'message' ? [event.data] : []));
    return { sockets, events, seen, messages, warnings };
  };

  it.each([['text'], [new ArrayBuffer(2)], [runInNewContext('new ArrayBuffer(2)')]])('is handed on in its own event when nothing is wrong with it: %s', (data) => {
    const { sockets, events } = connected();
    sockets.last.open();
    const event = { data, origin: 'ws://fake' };
    sockets.last.onmessage(event);
    expect(events).toEqual([event]);
    expect(events[0]).toBe(event);
  });

  it.each([[5], [null], [[]], [[1, 2]], [{ price: 1 }], [undefined]])('is left alone where it is no frame: %j', (data) => {
    for (const binaryType of ['blob', 'arraybuffer'] as const) {
      const { sockets, messages } = connected({ binaryType });
      sockets.last.open();
      sockets.last.onmessage({ data });
      expect(messages()).toEqual([data]);
      expect(messages()[0]).toBe(data);
    }
  });

  it.each([
    ['a part of a Uint8Array', new Uint8Array([9, 1, 2, 9]).subarray(1, 3)],
    ['a part of a DataView', new DataView(new Uint8Array([9, 1, 2, 9]).buffer, 1, 2)],
    ['a view of another realm', runInNewContext('new Uint8Array([9, 1, 2, 9]).subarray(1, 3)')],
  ])('is copied out of what it is a view of: %s', async (_, data) => {
    for (const binaryType of ['blob', 'arraybuffer'] as const) {
      const { sockets, messages } = connected({ binaryType });
      sockets.last.open();
      sockets.last.onmessage({ data });
      const kind = binaryType === 'blob' ? 'Blob' : 'ArrayBuffer';
      expect(await inShort(messages()[0])).toBe(`${kind} 0102`);
    }
  });

  it('S14: ends the session when it is a Blob where an ArrayBuffer was asked for, and says what to do', () => {
    const { sockets, seen } = connected();
    sockets.last.open();
    const blob = new Blob(['a']);
    sockets.last.onmessage({ data: blob });
    sockets.last.closeClean(1000);
    expect(seen.error).toBeInstanceOf(DeserializeError);
    expect(seen.error).toMatchObject({ data: blob, message: expect.stringContaining("a Blob where an ArrayBuffer was asked for") });
    expect((seen.error as Error).message).toContain("'blob'");
  });

  it("S14: with onInvalid 'drop' such a Blob is a warning, and the next message comes", () => {
    const { sockets, messages, warnings } = connected({ onInvalid: 'drop' });
    sockets.last.open();
    sockets.last.onmessage({ data: new Blob(['a']) });
    sockets.last.onmessage({ data: 'text' });
    expect(messages()).toEqual(['text']);
    expect(warnings).toMatchObject([{ kind: 'invalid', error: expect.any(DeserializeError) }]);
  });

  it('S14: is refused where Blobs were asked for and there are none', () => {
    vi.stubGlobal('Blob', undefined);
    try {
      const { sockets, warnings } = connected({ binaryType: 'blob', onInvalid: 'drop' });
      sockets.last.open();
      sockets.last.onmessage({ data: new ArrayBuffer(1) });
      expect(warnings).toMatchObject([{ kind: 'invalid', error: { message: expect.stringContaining('no Blob on this platform') } }]);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('may be anything for its binaryType: missing, without a setter, throwing', () => {
    const last: FakeSocket[] = [];
    class WithoutSetter extends FakeSocket {
      constructor(url: string) {
        super(url);
        last.push(this);
      }
      get binaryType(): string {
        return 'blob';
      }
    }
    class Throwing extends WithoutSetter {
      override set binaryType(type: string) {
        throw new Error(`what is ${type}?`);
      }
    }
    for (const WebSocketCtor of [WithoutSetter, Throwing]) {
      const { messages } = connected({}, WebSocketCtor);
      last.at(-1)!.open();
      last.at(-1)!.onmessage({ data: 'text' });
      expect(messages()).toEqual(['text']);
    }
    const { sockets, messages } = connected();
    sockets.last.open();
    expect(sockets.last).toMatchObject({ binaryType: 'arraybuffer' });
    sockets.last.onmessage({ data: 'text' });
    expect(messages()).toEqual(['text']);
  });
});

import { once } from 'node:events';
import { runInNewContext } from 'node:vm';
import { firstValueFrom, toArray, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { webSocket, type WebSocketCtor, type WebSocketSubjectConfig } from '../../src/index.js';
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

describe('binary data of ws', () => {
  const local = localServer();

  it.each(['arraybuffer', 'blob'] as const)('has the requested type on a socket that a server accepted: %s', async (binaryType) => {
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

describe('the data of a mock', () => {
  const connected = (config: Config = {}, WebSocketCtor?: WebSocketCtor) => {
    const sockets = fakeSockets();
    const events: unknown[] = [];
    const deserializer: Config['deserializer'] = (event) => (events.push(event), event.data);
    const socket = webSocket({ url: 'ws://fake', WebSocketCtor: WebSocketCtor ?? sockets.WebSocketCtor, deserializer, ...config });
    const seen = recorded(socket.events);
    const messages = () => seen.events.flatMap((event) => (event.type === 'message' ? [event.data] : []));
    return { sockets, events, messages };
  };

  it.each([['text'], [new ArrayBuffer(2)], [runInNewContext('new ArrayBuffer(2)')]])('reaches the deserializer in the event of the transport: %s', (data) => {
    const { sockets, events } = connected();
    sockets.last.open();
    const event = { data, origin: 'ws://fake' };
    sockets.last.onmessage(event);
    expect(events).toEqual([event]);
    expect(events[0]).toBe(event);
  });

  it.each([[5], [null], [[]], [[1, 2]], [{ price: 1 }], [undefined], [Uint8Array.of(1)], [new Blob(['a'])]])('reaches the deserializer unchanged: %j', (data) => {
    for (const binaryType of ['blob', 'arraybuffer'] as const) {
      const { sockets, messages } = connected({ binaryType });
      sockets.last.open();
      sockets.last.onmessage({ data });
      expect(messages()).toHaveLength(1);
      expect(messages()[0]).toBe(data);
    }
  });

  it('works with any binaryType: missing, without a setter, throwing', () => {
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

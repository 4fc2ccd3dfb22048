import { decode, encode } from '@msgpack/msgpack';
import { firstValueFrom, take, toArray } from 'rxjs';
import { WebSocket as UndiciWebSocket } from 'undici';
import { describe, expect, it } from 'vitest';
import type { RawData } from 'ws';
import { DeserializeError, SerializeError, webSocket, type WebSocketCtor, type WebSocketSubjectConfig } from '../../src/index.js';
import { localServer } from '../server/localServer.js';

/** As docs/guides/binary.md has it. */
const msgpack: Pick<WebSocketSubjectConfig<unknown>, 'binaryType' | 'serializer' | 'deserializer'> = {
  binaryType: 'arraybuffer',
  serializer: (value) => encode(value),
  deserializer: ({ data }) => {
    if (typeof data === 'string') throw new TypeError('a text message, where MessagePack is binary');
    return decode(data);
  },
};

const transports: readonly (readonly [name: string, config: { WebSocketCtor?: WebSocketCtor }])[] = [
  ['ws', {}],
  ['undici', { WebSocketCtor: UndiciWebSocket }],
  // Node has one of its own since 22.
  ...('WebSocket' in globalThis ? [["Node's own socket", { WebSocketCtor: globalThis.WebSocket }] as const] : []),
];

describe.each(transports)('MessagePack over %s', (_, transport) => {
  const local = localServer();

  it('is decoded by the server, and what the server encodes is decoded here', async () => {
    const asked: unknown[] = [];
    local.server.on('connection', (client) => {
      client.on('message', (data: RawData, isBinary) => {
        const request = decode(new Uint8Array(data as Buffer));
        asked.push([isBinary, request]);
        client.send(encode({ answer: request }));
      });
    });
    const values = [
      { op: 'watch', symbol: 'EURUSD', depth: [1, -2, 3.5, null, true] }, 'ロボ 🔌', 0, new Uint8Array([0, 255]), new Date(1_234_567_890_123), ['x'.repeat(70_000)],
    ];
    const socket = webSocket<unknown>({ url: local.url, ...transport, ...msgpack });
    const answers = firstValueFrom(socket.pipe(take(values.length), toArray()));
    for (const value of values) socket.next(value);
    expect(await answers).toEqual(values.map((answer) => ({ answer })));
    expect(asked).toEqual(values.map((value) => [true, value]));
  });

  it('S14: that cannot be encoded throws from next(), and what is no MessagePack ends with a DeserializeError', async () => {
    local.server.on('connection', (client) => client.send(Buffer.from([0xc1])));
    const socket = webSocket<unknown>({ url: local.url, ...transport, ...msgpack });
    for (const value of [() => undefined, 1n]) expect(() => socket.next(value)).toThrow(SerializeError);
    await expect(firstValueFrom(socket)).rejects.toMatchObject({ name: 'DeserializeError', cause: { message: expect.stringContaining('0xc1') } });
  });

  it('S14: text is no MessagePack', async () => {
    local.server.on('connection', (client) => client.send('5'));
    const failure = firstValueFrom(webSocket<unknown>({ url: local.url, ...transport, ...msgpack }));
    await expect(failure).rejects.toBeInstanceOf(DeserializeError);
  });
});

import { describe, expect, it } from 'vitest';
import { reconnectOnCode, webSocket } from '../../src/index.js';
import { localServer } from '../server/localServer.js';
import { transports } from './transports.js';

const length = 300;

describe.each(transports)('S13: on %s, bytes are sent as they were when next() was called', (_name, WebSocketCtor) => {
  const local = localServer();

  it.each<[string, (memory: ArrayBuffer) => unknown]>([
    ['an ArrayBuffer', (memory) => memory],
    ['a Uint8Array', (memory) => new Uint8Array(memory)],
    ['a Buffer', (memory) => Buffer.from(memory)],
    ['a DataView', (memory) => new DataView(memory)],
  ])('%s, sent at once, queued before the open, and kept across a reconnect', async (_what, viewOf) => {
    const memory = new ArrayBuffer(length);
    const bytes = new Uint8Array(memory);
    const received: string[] = [];
    const socket = webSocket<unknown>({ url: local.url, WebSocketCtor, serializer: () => viewOf(memory) as Uint8Array });
    const subject = socket.pipeEvents(reconnectOnCode(() => 0));
    const send = (value: number): void => {
      bytes.fill(value);
      subject.next(undefined);
      // The memory is yours again, and nothing but you writes to it: a client's frames are masked (RFC 6455 §5.3), but not here.
      expect([...new Set(bytes)]).toEqual([value]);
      bytes.fill(0);
    };
    const all = new Promise<void>((resolve) => {
      local.server.on('connection', (peer) => {
        peer.on('message', (data: Buffer) => {
          received.push(`${data.length} × ${[...new Set(data)].join()}`);
          if (received.length === 2) send(3);
          else if (received.length === 3) peer.close(1012);
          else if (received.length === 4) resolve();
        });
      });
    });
    send(1);
    send(2);
    const subscription = subject.events.subscribe(({ type }) => type === 'reconnecting' && send(4));
    await all;
    subscription.unsubscribe();
    expect(received).toEqual([1, 2, 3, 4].map((value) => `${length} × ${value}`));
    expect([...new Set(bytes)]).toEqual([0]);
  });
});

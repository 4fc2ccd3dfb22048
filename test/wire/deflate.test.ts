import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { constants, deflateRawSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { recordUncaught } from '../alternatives/recordUncaught.js';
import { encodeFrame, Opcode } from '../server/frames.js';
import { ending, endedByUs, harmless, silent, unanswered } from './cases.js';
import { check } from './check.js';
import { transports } from './transports.js';

describe.each(transports)('S13: on %s, with compression, nothing is lost in silence, doubled or out of order', (name, WebSocketCtor) => {
  const deflated = { WebSocketCtor, deflates: true };
  // The others lose the answer to our Close, as is shown below.
  const end = name === 'ws' ? '1000 local' : expect.stringMatching(/^(1000|1006) local$/);

  it.concurrent.for([...harmless, ...ending])('%s', async (faulty) => {
    expect(await check(faulty, deflated)).toEqual(end);
  });
  it.concurrent.for(unanswered)('%s', async (faulty) => {
    expect(await check(faulty, { ...deflated, timeouts: { connect: 150 } })).toEqual(end);
  });
  it.concurrent.for(silent)('%s', async (faulty) => {
    expect(await check(faulty, { ...deflated, timeouts: { silence: 150 } })).toEqual(end);
  });
  it.concurrent.for(endedByUs)('%s', async (faulty) => {
    await check(faulty, { ...deflated, endedByClient: 0, timeouts: { close: 150 } });
  });
});

describe('without this library', () => {
  let server: WebSocketServer;
  const listen = async (): Promise<string> => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: { threshold: 0 } });
    await once(server, 'listening');
    return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterEach(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });

  it.each(transports.filter(([name]) => name !== 'ws'))('%s forgets messages and the answer to its Close where TCP ends before it has inflated them', async (_name, WebSocketCtor) => {
    const url = await listen();
    server.on('connection', (peer) => peer.on('message', () => Array.from({ length: 50 }, () => peer.send('an answer'))));
    const socket = new WebSocketCtor(url) as unknown as globalThis.WebSocket;
    await once(socket, 'open');
    socket.send('a question');
    socket.close(1000);
    const [event] = (await once(socket, 'close')) as [CloseEvent];
    expect(event).toMatchObject({ code: 1006, wasClean: false });
  });

  it('ws throws an uncaught error where a compressed message follows an invalid frame, and its connection ends', async () => {
    const url = await listen();
    const body = deflateRawSync(Buffer.alloc(8_000_000), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
    const compressed = encodeFrame(0x40 | Opcode.binary, body);
    const invalid = encodeFrame(3, Buffer.alloc(0));
    server.on('connection', (peer) => {
      const { _socket: stream } = peer as unknown as { _socket: Socket };
      void (async () => {
        // Each in a packet of its own, while the first one is inflated.
        for (const bytes of [compressed, invalid, compressed]) {
          stream.write(bytes);
          for (let turn = 0; turn < 10; turn++) await nextTurn();
        }
      })();
    });
    await recordUncaught(async ({ first }) => {
      const client = new WebSocket(url);
      client.on('error', () => client.terminate());
      expect(await first).toMatchObject({ name: 'TypeError', stack: expect.stringContaining('ws/lib/permessage-deflate.js') });
    });
  });
});

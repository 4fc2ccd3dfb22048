import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { lastValueFrom } from 'rxjs';
import { WebSocket as UndiciWebSocket } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { closeEvent, drained, webSocket, type WebSocketCtor, type WebSocketLike, type WebSocketSubject } from '../../src/index.js';

/** More than all buffers between two sockets take: 24 MiB in values of 16 KiB. */
const count = 1_536;
const bytes = 16_384;
const mark = 1_048_576;

const transports: Record<string, WebSocketCtor> = { ws: WebSocket, undici: UndiciWebSocket };

describe.each(Object.keys(transports))('a server that stops reading, over %s', (name) => {
  let server: WebSocketServer;
  let received: number[];
  let transport: WebSocketLike;
  let socket: WebSocketSubject<unknown, number>;
  let accepted: WebSocket;
  beforeEach(async () => {
    received = [];
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const connection = once(server, 'connection');
    const Given = transports[name] as WebSocketCtor;
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    socket = webSocket({
      url,
      transport: () => (transport = new Given(url)),
      serializer: (n) => String(n).padEnd(bytes),
      outbox: { maxValues: count },
      closeTimeout: 20_000,
    });
    socket.subscribe({ error: () => undefined });
    [accepted] = (await connection) as [WebSocket];
    accepted.on('message', (data: Buffer) => received.push(Number(data)));
    accepted.on('error', () => undefined);
    accepted.pause();
    await new Promise<void>((resolve) => socket.status.subscribe(({ state }) => state === 'open' && resolve()));
  });
  afterEach(() => {
    socket.unsubscribe();
    for (const client of server.clients) client.terminate();
    server.close();
  });

  /** Sends all values within one task, and returns how many of them wait. */
  function giveAll(): number {
    for (let n = 0; n < count; n++) socket.next(n);
    let queued = 0;
    socket.status.subscribe((status) => (queued = status.queued)).unsubscribe();
    return queued;
  }

  it('S15: little more than the high mark is in the transport, the rest in the outbox; once the server reads, it receives all in order', { timeout: 30_000 }, async () => {
    const queued = giveAll();
    expect(queued).toBeGreaterThan(100);
    expect(transport.bufferedAmount).toBeGreaterThan(mark / 4);
    expect(transport.bufferedAmount).toBeLessThan(mark + 2 * bytes);
    const emptied = drained(socket);
    accepted.resume();
    await emptied;
    socket.close();
    await once(accepted, 'close');
    expect(received).toEqual([...Array(count).keys()]);
  });

  it('S13: complete() meanwhile: once the server reads, it receives all values, then Close', { timeout: 30_000 }, async () => {
    giveAll();
    const end = lastValueFrom(socket.events.pipe(closeEvent()));
    socket.complete();
    accepted.resume();
    expect(await end).toMatchObject({ code: 1000, wasClean: true, unsent: [] });
    expect(received).toEqual([...Array(count).keys()]);
  });

  it('S13: close() meanwhile: the values that wait are unsent', { timeout: 30_000 }, async () => {
    const queued = giveAll();
    const end = lastValueFrom(socket.events.pipe(closeEvent()));
    socket.close();
    accepted.resume();
    const { wasClean, unsent } = await end;
    expect([wasClean, unsent.length]).toEqual([true, queued]);
    expect([...received, ...unsent]).toEqual([...Array(count).keys()]);
  });
});

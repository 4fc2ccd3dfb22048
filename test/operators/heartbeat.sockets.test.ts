import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { closeEvent, heartbeat, ping, webSocket, type HeartbeatOptions, type SocketOpen } from '../../src/index.js';
import { WireProxy } from '../server/WireProxy.js';
import { recorded } from '../subject/recorded.js';

type Options = HeartbeatOptions<Buffer, Buffer>;

const often: Options = { every: 300, timeout: 200 };
const answer = (client: WebSocket, payload: Buffer): void => client.pong(payload);
const ignore = (): void => undefined;

let server: WebSocketServer;
let port: number;
let serverUrl: string;
let proxy: WireProxy | undefined;
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', autoPong: false });
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
  serverUrl = `ws://127.0.0.1:${port}`;
});
afterEach(() => {
  for (const client of server.clients) client.terminate();
  server.close();
  proxy?.dispose();
  proxy = undefined;
});

/** Connects by a heartbeat. Returns both sides once the connection is open. */
async function connected(options: Options, onPing = answer, url = serverUrl) {
  const connection = once(server, 'connection');
  const socket = webSocket<Buffer, Buffer>({ url, serializer: (value) => value, deserializer: ({ data }) => data as Buffer, outbox: { highWaterMark: 1e9 } });
  const subject = socket.pipeEvents(heartbeat(options));
  const seen = recorded(subject.events);
  const end = firstValueFrom(subject.events.pipe(closeEvent()));
  const opened = new Promise<void>((resolve) => subject.status.subscribe(({ state }) => state === 'open' && resolve()));
  const [client] = (await connection) as [WebSocket];
  let pings = 0;
  client.on('ping', (payload) => {
    pings++;
    onPing(client, payload);
    client.emit('pings', pings);
  });
  client.on('error', ignore);
  await opened;
  return {
    client,
    subject,
    end,
    open: seen.events[1] as SocketOpen<Buffer, Buffer>,
    /** What the connection has seen once this has happened, or once it has ended. */
    async after(happened: Promise<unknown>): Promise<unknown[]> {
      await Promise.race([happened, end]);
      return seen.log.map((line) => String(line).split(' ')[0]);
    },
    /** Resolves when the server has received so many pings. */
    pinged: (count: number) => new Promise<void>((resolve) => client.on('pings', (received: number) => received === count && resolve())),
  };
}

const lives = ['connecting', 'open'];
const dies = { code: 1006, wasClean: false, initiator: 'transport', cause: { name: 'WebSocketTimeoutError', phase: 'heartbeat' } };

describe('S19: on ws, what lives stays', () => {
  it('while a message of 2 MB takes a second, which is five times the timeout', async () => {
    proxy = await WireProxy.to(port, { rates: { down: 2_000 } });
    const { after, client, subject } = await connected(often, answer, proxy.url);
    client.send(Buffer.alloc(2_000_000));
    expect(await after(firstValueFrom(subject))).toEqual([...lives, 'message']);
  });

  it('while 400 kB leave at 1 Mbit/s, which takes 3.2 s, as 8 MB with the defaults take 64 s', async () => {
    proxy = await WireProxy.to(port, { rates: { up: 125 } });
    const { after, client, pinged, subject } = await connected({ every: 1_250, timeout: 500 }, answer, proxy.url);
    const received = once(client, 'message');
    const pingedLater = pinged(2);
    subject.next(Buffer.alloc(400_000));
    expect(await after(received)).toEqual(lives);
    expect(await after(pingedLater)).toEqual(lives);
  });

  it('while the server reads slowly', async () => {
    const { after, client, subject } = await connected(often);
    let received = 0;
    const all = new Promise<void>((resolve) =>
      client.on('message', () => {
        client.pause();
        setTimeout(() => client.resume(), 250);
        if (++received === 10) resolve();
      }),
    );
    for (let n = 0; n < 10; n++) subject.next(Buffer.alloc(50_000));
    expect(await after(all)).toEqual(lives);
  });

  it('where the server sends pings of its own, and answers none', async () => {
    const { after, client, pinged } = await connected(often, ignore);
    const beats = setInterval(() => client.ping(), 20);
    expect(await after(pinged(5))).toEqual(lives);
    clearInterval(beats);
  });

  it.each([
    ['an empty one', ''],
    ['another one', 'something else'],
  ])('where pongs have not the payload of their ping, but %s', async (_which, payload) => {
    const { after, pinged } = await connected(often, (client) => client.pong(payload));
    expect(await after(pinged(5))).toEqual(lives);
  });

  it('where one pong answers two pings: both promises settle, and both count', async () => {
    const unanswered: Buffer[] = [];
    const { after, client, open, pinged } = await connected(often, (_, payload) => {
      // The answer is to the last ping alone (RFC 6455 §5.5.3).
      if (unanswered.push(payload) === 2) client.pong(unanswered.splice(0)[1]);
    });
    const both = Promise.all([ping(open), ping(open)]);
    expect(await after(both)).toEqual(lives);
    expect(await both).toEqual([expect.any(Number), expect.any(Number)]);
    const later = pinged(12);
    // With each ping of the heartbeat, your code sends one, so that the pong is never to that of the heartbeat.
    client.on('pings', (count: number) => count % 2 === 1 && void ping(open).catch(ignore));
    expect(await after(later)).toEqual(lives);
  });

  it('with expectEvery, while bytes keep arriving: a message that takes longer, and pings', async () => {
    proxy = await WireProxy.to(port, { rates: { down: 2_000 } });
    const { after, client, subject } = await connected({ expectEvery: 200 }, ignore, proxy.url);
    client.send(Buffer.alloc(2_000_000));
    expect(await after(firstValueFrom(subject))).toEqual([...lives, 'message']);
    const beats = setInterval(() => client.ping(), 20);
    let count = 0;
    expect(await after(new Promise<void>((resolve) => client.on('pong', () => ++count === 30 && resolve())))).toEqual([...lives, 'message']);
    clearInterval(beats);
  });
});

describe('S19: on ws, what is half open is ended', () => {
  it.each<[string, Options]>([
    ['every and timeout', often],
    ['expectEvery', { expectEvery: 300 }],
  ])('by %s, when nothing is sent', async (_how, options) => {
    proxy = await WireProxy.to(port);
    const { client, end, subject } = await connected(options, answer, proxy.url);
    const received = firstValueFrom(subject);
    client.send(Buffer.from('last words'));
    await received;
    proxy.stall();
    expect(await end).toMatchObject(dies);
  });

  it.each<[string, Options]>([
    ['every and timeout', often],
    ['expectEvery', { expectEvery: 300 }],
  ])('by %s, while 200 bytes are sent every 100 ms, which the kernel takes', async (_how, options) => {
    proxy = await WireProxy.to(port);
    const { end, subject } = await connected(options, answer, proxy.url);
    proxy.stall();
    const sending = setInterval(() => subject.next(Buffer.alloc(200)), 100);
    expect(await end).toMatchObject(dies);
    clearInterval(sending);
  });
});

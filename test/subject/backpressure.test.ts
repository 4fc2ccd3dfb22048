import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebSocketStream, WebSocket, WebSocketServer } from 'ws';
import { after, iterate, reconnectOnCode, webSocket, WebSocketCloseError, type WebSocketSubject, type WebSocketSubjectConfig } from '../../src/index.js';
import { recorded } from './recorded.js';
import { lastClose } from './setUp.js';

/** What `ws` reads at once, and so may still emit after it was paused. */
const chunk = 65_536;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const upTo = (count: number): number[] => [...Array(count).keys()];

/** A promise resolves once it was paused. */
class Observed extends WebSocket {
  static last: Observed;
  declare readonly whenPaused: Promise<void>;
  #paused!: () => void;

  constructor(url: string) {
    super(url);
    Object.assign(this, { whenPaused: new Promise<void>((resolve) => (this.#paused = resolve)) });
    Observed.last = this;
  }

  override pause(): void {
    super.pause();
    this.#paused();
  }
}

describe('backpressure on ws', { timeout: 60_000 }, () => {
  let server: WebSocketServer;
  const start = async (options: object = {}): Promise<void> => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1', ...options });
    await once(server, 'listening');
  };
  const subject = (config: Partial<WebSocketSubjectConfig<number>> = {}): WebSocketSubject<number> =>
    webSocket<number>({
      url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
      WebSocketCtor: Observed,
      deserializer: ({ data }) => Number.parseInt(String(data), 10),
      ...config,
    });
  const accepted = async (): Promise<WebSocket> => ((await once(server, 'connection')) as [WebSocket])[0];
  const padded = (value: number, length: number): string => `${value} `.padEnd(length, 'x');
  /** A loop that has its first message, and whose transport is paused, since 300 more messages of 4 KiB were sent. */
  const paused = async (socket = subject()): Promise<{ socket: WebSocketSubject<number>; messages: AsyncIterableIterator<number>; peer: WebSocket }> => {
    const messages = iterate(socket, { highWaterMark: 8 });
    const first = messages.next();
    const peer = await accepted();
    for (const value of upTo(301)) peer.send(padded(value, 4096));
    expect(await first).toEqual({ done: false, value: 0 });
    await Observed.last.whenPaused;
    return { socket, messages, peer };
  };
  const rest = async (messages: AsyncIterable<number>): Promise<{ taken: number[]; error: unknown }> => {
    const taken: number[] = [];
    try {
      for await (const message of messages) {
        taken.push(message);
        await turn();
      }
    } catch (error) {
      return { taken, error };
    }
    return { taken, error: undefined };
  };
  const all = upTo(301).slice(1);

  beforeEach(() => start());
  afterEach(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });

  it('S15: of 50,000 messages most wait at the server, and never more than the limit and one chunk in the client', async () => {
    const [count, length, highWaterMark] = [50_000, 1024, 64];
    let offered = 0;
    function* values(): Generator<string> {
      for (; offered < count; offered++) yield padded(offered, length);
    }
    server.on('connection', (peer) => {
      void pipeline(Readable.from(values()), createWebSocketStream(peer, { decodeStrings: false }));
    });
    const socket = subject();
    let received = 0;
    let taken = 0;
    let held = 0;
    let takenWhenAllWasOffered = 0;
    socket.subscribe(() => (held = Math.max(held, ++received - taken)));
    for await (const value of iterate(socket, { highWaterMark })) {
      expect(value).toBe(taken++);
      if (offered < count) takenWhenAllWasOffered = taken;
      await turn();
    }
    expect([received, taken]).toEqual([count, count]);
    expect(held).toBeGreaterThanOrEqual(highWaterMark);
    // One more is on its way into the loop.
    expect(held).toBeLessThanOrEqual(highWaterMark + chunk / length + 1);
    // What the server could get rid of before is what the network between them holds.
    expect(takenWhenAllWasOffered).toBeGreaterThan(count / 2);
  });

  it('S15: no compressed message is lost either', async () => {
    server.close();
    await start({ perMessageDeflate: { threshold: 0 } });
    const { socket, messages, peer } = await paused();
    peer.close(1000);
    expect(await rest(messages)).toEqual({ taken: all, error: undefined });
    socket.unsubscribe();
  });

  it('S2: the close of a server comes after all messages, however late they are taken', async () => {
    const { socket, messages, peer } = await paused();
    const seen = recorded(socket.events);
    peer.close(4012, 'restart');
    expect(await rest(messages)).toEqual({ taken: all, error: undefined });
    expect(lastClose(seen)).toMatchObject({ code: 4012, reason: 'restart', wasClean: true, initiator: 'remote' });
  });

  it.each(['terminate', 'reset'] as const)('S2: the loss of a paused connection (%s) ends the loop after messages without a gap', async (how) => {
    const { messages, peer } = await paused();
    if (how === 'terminate') peer.terminate();
    else (peer as unknown as { _socket: { resetAndDestroy(): void } })._socket.resetAndDestroy();
    const { taken, error } = await rest(messages);
    expect(error).toBeInstanceOf(WebSocketCloseError);
    expect(error).toMatchObject({ code: 1006, wasClean: false });
    expect(taken.length).toBeGreaterThanOrEqual(8);
    expect(taken).toEqual(all.slice(0, taken.length));
  });

  it.each([
    ['close(4001)', 4001, (socket: WebSocketSubject<number>) => socket.close(4001)],
    ['complete()', 1000, (socket: WebSocketSubject<number>) => socket.complete()],
  ])('S18: %s of a paused connection ends in a clean handshake, after the messages that waited', async (_, code, end) => {
    const { socket, messages, peer } = await paused();
    const seen = recorded(socket.events);
    const heard = once(peer, 'close');
    end(socket);
    const { taken, error } = await rest(messages);
    expect(error).toBeUndefined();
    expect(taken.length).toBeGreaterThanOrEqual(8);
    expect(taken).toEqual(all.slice(0, taken.length));
    expect(lastClose(seen)).toMatchObject({ code, wasClean: true, initiator: 'local' });
    expect((await heard)[0]).toBe(code);
  });

  it('S9: leaving the loop over a paused connection closes it with 1000', async () => {
    const { messages, peer } = await paused();
    const heard = once(peer, 'close');
    await messages.return?.();
    expect((await heard)[0]).toBe(1000);
  });

  it('S15: leaving the loop over a paused connection resumes it for the other subscribers', async () => {
    const { socket, messages, peer } = await paused();
    const heard: number[] = [];
    const end = new Promise<void>((complete) => socket.subscribe({ next: (value) => heard.push(value), complete }));
    await messages.return?.();
    peer.close();
    await end;
    expect(heard.at(-1)).toBe(300);
  });

  it('S15: a loop that is full over a reconnect loses nothing of either connection', async () => {
    const socket = subject().pipeEvents(reconnectOnCode({ 4012: after(0) }));
    const { messages, peer } = await paused(socket);
    const again = accepted();
    peer.close(4012);
    const taking = rest(messages);
    const next = await again;
    for (const value of upTo(301)) next.send(padded(value, 4096));
    next.close(1000);
    expect(await taking).toEqual({ taken: [...all, ...upTo(301)], error: undefined });
  });

  it('S15: a socket that a server accepted is paused, too', async () => {
    const connection = accepted();
    const { port } = server.address() as AddressInfo;
    const client = new WebSocket(`ws://127.0.0.1:${port}`);
    await once(client, 'open');
    const transport = await connection;
    const socket = webSocket<number>({ url: 'ws://client', transport: () => transport, deserializer: ({ data }) => Number.parseInt(String(data), 10) });
    const messages = iterate(socket, { highWaterMark: 8 });
    const first = messages.next();
    for (const value of upTo(301)) client.send(padded(value, 4096));
    await first;
    while (!transport.isPaused) await turn();
    client.close();
    expect(await rest(messages)).toEqual({ taken: all, error: undefined });
  });
});

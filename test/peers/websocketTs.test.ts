import { filter, firstValueFrom, map, take, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { ArrayQueue, ExponentialBackoff, WebsocketBuilder } from 'websocket-ts';
import { WebSocket } from 'ws';
import { after, exponential, onOpen, reconnectOnCode, webSocket, type SocketOpen } from '../../src/index.js';
import { serverAt } from '../server/serverAt.js';
import { Heard } from './Heard.js';

const server = serverAt(inject('serverUrl'));

// It takes no class, only the global one; that of Node itself is another on each version.
beforeEach(() => void vi.stubGlobal('WebSocket', WebSocket));
afterEach(() => void vi.unstubAllGlobals());

describe('defect 17: sending what was buffered while the socket closes is an endless loop', () => {
  /** A buffer that ends the loop, by an error, long after a single value should have been sent. */
  class Guarded extends ArrayQueue<string> {
    reads = 0;
    override read(): string | undefined {
      if (++this.reads > 10_000) throw new Error('endless');
      return super.read();
    }
  }

  it('websocket-ts takes its one value from the buffer and puts it back, for ever', async () => {
    const peer = await server.peer({});
    const buffer = new Guarded();
    const caught = new Promise<unknown>((resolve) => process.setUncaughtExceptionCaptureCallback(resolve));
    try {
      const socket = new WebsocketBuilder(peer.url)
        .withBuffer(buffer)
        .onOpen(({ underlyingWebsocket }) => underlyingWebsocket.close())
        .build();
      socket.send('the only one');
      expect(await caught).toMatchObject({ message: 'endless' });
    } finally {
      process.setUncaughtExceptionCaptureCallback(null);
    }
    expect(buffer.reads).toBe(10_001);
    await peer.dispose();
  });

  it('ours keeps it for the next connection', async () => {
    const peer = await server.peer({});
    let opens = 0;
    const leaveFirst = (open: SocketOpen<unknown, string>): void => {
      if (opens++ === 0) open.abort();
    };
    const socket = webSocket<unknown, string>(peer.url).pipeEvents(onOpen(leaveFirst), reconnectOnCode(after(1)));
    const heard = new Heard(socket);
    socket.next('the only one');
    expect(await peer.at(1).jsons(1)).toEqual(['the only one']);
    expect(await peer.at(0).texts(0)).toEqual([]);
    socket.close();
    await heard.ended;
    await peer.allGone();
  });

  it('ours gives it back when it is the program that closes', async () => {
    const peer = await server.peer({});
    const socket = webSocket<unknown, string>(peer.url).pipeEvents(onOpen((open: SocketOpen<unknown, string>) => open.close(4000)));
    const heard = new Heard(socket);
    socket.next('the only one');
    await heard.ended;
    expect(await firstValueFrom(socket.status)).toMatchObject({ state: 'closed', closeEvent: { code: 4000, unsent: ['the only one'] } });
    expect((await peer.at(0).gone()).texts).toEqual([]);
  });
});

describe('defect 17: a server that accepts and drops is asked again and again without a backoff', () => {
  const attempts = 6;

  /** The delays of the first attempts, from a backoff that doubles from 1 ms. */
  async function theirs(url: string): Promise<number[]> {
    const delays: number[] = [];
    return new Promise((resolve) => {
      const end = (): void => {
        socket.close();
        resolve(delays);
      };
      class Told extends ExponentialBackoff {
        override next(): number {
          delays.push(super.next());
          // It sets the timer of this delay after the answer, even when it was closed meanwhile.
          if (delays.length === attempts) queueMicrotask(end);
          return this.current;
        }
      }
      const socket = new WebsocketBuilder(url).withBackoff(new Told(1)).build();
    });
  }

  async function ours(url: string): Promise<number[]> {
    const doubling = exponential({ base: 1, factor: 2, jitter: 'none' });
    const delays = webSocket(url).pipeEvents(reconnectOnCode(doubling)).events.pipe(
      filter((event) => event.type === 'reconnecting'),
      map(({ delay }) => delay),
      take(attempts),
      toArray(),
    );
    return firstValueFrom(delays);
  }

  it('websocket-ts begins anew at each open; ours doubles until a connection has lasted', async () => {
    const peer = await server.peer({ onOpen: [{ do: 'destroy' }] });
    expect(await theirs(peer.url)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(await ours(peer.url)).toEqual([1, 2, 4, 8, 16, 32]);
    await peer.allGone();
  });

  it('while both double at a server that refuses', async () => {
    const peer = await server.peer({ handshake: { status: 503 } });
    expect(await theirs(peer.url)).toEqual([2, 4, 8, 16, 32, 64]);
    expect(await ours(peer.url)).toEqual([1, 2, 4, 8, 16, 32]);
    await peer.allGone();
  });
});

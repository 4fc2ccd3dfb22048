import { filter, firstValueFrom, map, take, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { ArrayQueue, ExponentialBackoff, WebsocketBuilder } from 'websocket-ts';
import { WebSocket } from 'ws';
import { after, exponential, onOpen, reconnectOnCode, webSocket, type SocketOpen } from '../../src/index.js';
import { serverAt } from '../server/serverAt.js';
import { Recording } from './Recording.js';

const server = serverAt(inject('serverUrl'));

// websocket-ts always uses the global class, and that of Node differs between versions.
beforeEach(() => void vi.stubGlobal('WebSocket', WebSocket));
afterEach(() => void vi.unstubAllGlobals());

describe('defect 17: sending buffered values while the socket closes is an endless loop', () => {
  /** A buffer that breaks the loop with an error, long after its only value should have been sent. */
  class Guarded extends ArrayQueue<string> {
    reads = 0;
    override read(): string | undefined {
      if (++this.reads > 10_000) throw new Error('endless');
      return super.read();
    }
  }

  it('websocket-ts takes its only value from the buffer and puts it back, endlessly', async () => {
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

  it('ours keeps the value for the next connection', async () => {
    const peer = await server.peer({});
    let opens = 0;
    const abortFirst = (open: SocketOpen<unknown, string>): void => {
      if (opens++ === 0) open.abort();
    };
    const socket = webSocket<unknown, string>(peer.url).pipeEvents(onOpen(abortFirst), reconnectOnCode(after(1)));
    const recording = new Recording(socket);
    socket.next('the only one');
    expect(await peer.at(1).jsons(1)).toEqual(['the only one']);
    expect(await peer.at(0).texts(0)).toEqual([]);
    socket.close();
    await recording.ended;
    await peer.allGone();
  });

  it('ours reports the value as unsent if your code closes', async () => {
    const peer = await server.peer({});
    const socket = webSocket<unknown, string>(peer.url).pipeEvents(onOpen((open: SocketOpen<unknown, string>) => open.close(4000)));
    const recording = new Recording(socket);
    socket.next('the only one');
    await recording.ended;
    expect(await firstValueFrom(socket.status)).toMatchObject({ state: 'closed', closeEvent: { code: 4000, unsent: ['the only one'] } });
    expect((await peer.at(0).gone()).texts).toEqual([]);
  });
});

describe('defect 17: there is no backoff for a server that accepts and drops', () => {
  const attempts = 6;

  /** Returns the delays of the first attempts, with a backoff that starts at 1 ms and doubles. */
  async function theirs(url: string): Promise<number[]> {
    const delays: number[] = [];
    return new Promise((resolve) => {
      const end = (): void => {
        socket.close();
        resolve(delays);
      };
      class Recorded extends ExponentialBackoff {
        override next(): number {
          delays.push(super.next());
          // It sets the timer after this call, even if it was closed in between.
          if (delays.length === attempts) queueMicrotask(end);
          return this.current;
        }
      }
      const socket = new WebsocketBuilder(url).withBackoff(new Recorded(1)).build();
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

  it('websocket-ts starts over at each open; ours doubles until a connection is stable', async () => {
    const peer = await server.peer({ onOpen: [{ do: 'destroy' }] });
    expect(await theirs(peer.url)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(await ours(peer.url)).toEqual([1, 2, 4, 8, 16, 32]);
    await peer.allGone();
  });

  it('both double the delay for a server that refuses', async () => {
    const peer = await server.peer({ handshake: { status: 503 } });
    expect(await theirs(peer.url)).toEqual([2, 4, 8, 16, 32, 64]);
    expect(await ours(peer.url)).toEqual([1, 2, 4, 8, 16, 32]);
    await peer.allGone();
  });
});

import TheirSocket from 'reconnecting-websocket';
import { filter, firstValueFrom, NEVER } from 'rxjs';
import { describe, expect, inject, it } from 'vitest';
import { WebSocket } from 'ws';
import { after, reconnectOnCode, suspendWhile, webSocket } from '../../src/index.js';
import { serverAt } from '../server/serverAt.js';
import { Recording } from './Recording.js';
import { recordUncaught } from './recordUncaught.js';

const server = serverAt(inject('serverUrl'));
// The delays do not matter here.
const options = { WebSocket, minReconnectionDelay: 1, maxReconnectionDelay: 1 };

const nextEvent = (socket: TheirSocket, type: 'open' | 'message' | 'close'): Promise<unknown> =>
  new Promise((resolve) => socket.addEventListener(type, resolve));

describe('defect 16: a close() that throws disables reconnecting, and the connection stays open', () => {
  const long = 'x'.repeat(124);

  it('reconnecting-websocket goes on receiving, and does not reconnect after a drop', async () => {
    const peer = await server.peer({}, {});
    const socket = new TheirSocket(peer.url, [], options);
    await nextEvent(socket, 'open');
    expect(() => socket.close(1000, long)).toThrow(RangeError);
    const message = nextEvent(socket, 'message');
    await peer.at(0).json('still open');
    expect(await message).toMatchObject({ data: '"still open"' });
    expect(socket.readyState).toBe(TheirSocket.OPEN);

    const close = nextEvent(socket, 'close');
    await peer.at(0).end();
    await close;
    // A reconnect would begin in that event. Two connections of ours open and close meanwhile.
    expect((await ours()).connections).toBe(2);
    expect([await peer.count(), socket.readyState]).toEqual([1, TheirSocket.CLOSED]);
  });

  async function ours() {
    const peer = await server.peer({ onOpen: [{ do: 'text', text: '"open"' }] });
    const socket = webSocket<string>(peer.url).pipeEvents(reconnectOnCode(after(1)));
    const recording = new Recording(socket);
    await recording.first;
    expect(() => socket.close(1000, long)).toThrow(expect.objectContaining({ name: 'SyntaxError' }) as Error);
    await peer.at(0).end();
    await peer.at(1).opened();
    socket.close();
    await recording.ended;
    return { connections: await peer.count(), terminal: recording.terminal };
  }

  it('ours changes nothing, and reconnects after a drop', async () => {
    expect(await ours()).toEqual({ connections: 2, terminal: 'complete' });
  });
});

describe('defect 16: after one rejection of the url provider it never connects', () => {
  /** A provider that rejects the first time, with the number of its calls. */
  function provider(url: string) {
    const calls = { count: 0 };
    return { calls, url: () => (++calls.count === 1 ? Promise.reject(new Error('no token')) : Promise.resolve(url)) };
  }

  it('reconnecting-websocket leaves the rejection unhandled and stays CONNECTING, even after reconnect()', async () => {
    const peer = await server.peer({});
    const { calls, url } = provider(peer.url);
    // The test runner's own listeners would fail the run for this rejection.
    const listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    try {
      const rejected = new Promise((resolve) => process.once('unhandledRejection', resolve));
      const socket = new TheirSocket(url, [], options);
      expect(await rejected).toMatchObject({ message: 'no token' });
      socket.reconnect();
      await ours();
      expect([calls.count, socket.readyState, await peer.count()]).toEqual([1, TheirSocket.CONNECTING, 0]);
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of listeners) process.on('unhandledRejection', listener);
    }
  });

  async function ours() {
    const peer = await server.peer({ onOpen: [{ do: 'text', text: '"open"' }] });
    const { calls, url } = provider(peer.url);
    const recording = new Recording(webSocket<string>({ url }).pipeEvents(reconnectOnCode(after(1))));
    const first = await recording.first;
    recording.subscription.unsubscribe();
    await peer.allGone();
    return { first, calls: calls.count };
  }

  it('ours counts it as a failed attempt, and calls the provider again', async () => {
    expect(await ours()).toEqual({ first: 'open', calls: 2 });
  });
});

describe('defect 16: replacing a connection that is still connecting throws an uncaught exception', () => {
  it('reconnecting-websocket throws it from reconnect() while CONNECTING', () => recordUncaught(async (uncaught) => {
    const peer = await server.peer({ handshake: 'hold' }, {});
    const socket = new TheirSocket(peer.url, [], options);
    await peer.at(0).requested();
    expect(socket.readyState).toBe(TheirSocket.CONNECTING);
    socket.reconnect();
    expect(await uncaught.first).toMatchObject({ message: 'WebSocket was closed before the connection was established' });
    await peer.at(1).opened();
    await peer.dispose();
    socket.close();
  }));

  it.each(['reconnect', 'close', 'unsubscribe'] as const)('ours throws none from %s()', (how) => recordUncaught(async (uncaught) => {
    const peer = await server.peer({ handshake: 'hold' }, { onOpen: [{ do: 'text', text: '"open"' }] });
    const socket = webSocket<string>(peer.url).pipeEvents(reconnectOnCode(after(1)));
    const recording = new Recording(socket);
    await peer.at(0).requested();
    if (how === 'reconnect') {
      socket.reconnect();
      expect(await recording.first).toBe('open');
      socket.close();
    } else if (how === 'close') socket.close();
    else recording.subscription.unsubscribe();
    await peer.allGone();
    if (how !== 'unsubscribe') await recording.ended;
    expect(uncaught.errors).toEqual([]);
  }));
});

describe('defect 16: reconnect() with a reason that may not be sent leaves two live sockets', () => {
  const long = 'x'.repeat(124);

  it('reconnecting-websocket opens a second socket and neither uses nor closes the first any more', async () => {
    const peer = await server.peer({});
    const socket = new TheirSocket(peer.url, [], options);
    await nextEvent(socket, 'open');
    socket.reconnect(1000, long);
    await peer.at(1).opened();
    expect(await peer.mostAlive()).toBe(2);
    socket.close();
    await peer.at(1).gone();
    expect((await peer.logs()).map(({ gone, closeFrames }) => ({ gone, closes: closeFrames.length }))).toEqual([
      { gone: false, closes: 0 },
      { gone: true, closes: 1 },
    ]);
    await peer.dispose();
  });

  it('ours has one connection however often reconnect() is called, and operators refuse such a reason at once', async () => {
    const peer = await server.peer({});
    const socket = webSocket<string>(peer.url).pipeEvents(reconnectOnCode(after(1)));
    const recording = new Recording(socket);
    const opened = () => firstValueFrom(socket.status.pipe(filter(({ state }) => state === 'open')));
    await opened();
    for (let times = 0; times < 5; times++) socket.reconnect();
    await opened();
    socket.close();
    await recording.ended;
    await peer.allGone();
    expect([await peer.count(), await peer.mostAlive()]).toEqual([2, 1]);
    expect(() => suspendWhile(NEVER, { code: 1000, reason: long })).toThrow(expect.objectContaining({ name: 'SyntaxError' }) as Error);
  });
});

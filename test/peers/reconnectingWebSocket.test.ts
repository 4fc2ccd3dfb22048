import TheirSocket from 'reconnecting-websocket';
import { filter, firstValueFrom, map, Subject } from 'rxjs';
import { describe, expect, inject, it } from 'vitest';
import { WebSocket } from 'ws';
import { after, reconnectOnCode, suspendWhile, webSocket } from '../../src/index.js';
import { serverAt } from '../server/serverAt.js';
import { Heard } from './Heard.js';
import { watchingUncaught } from './watchingUncaught.js';

const server = serverAt(inject('serverUrl'));
// Its delays are no part of what is shown here.
const options = { WebSocket, minReconnectionDelay: 1, maxReconnectionDelay: 1 };

const told = (socket: TheirSocket, type: 'open' | 'message' | 'close'): Promise<unknown> =>
  new Promise((resolve) => socket.addEventListener(type, resolve));

describe('defect 16: a close that throws has switched reconnecting off, and the connection lives on', () => {
  const long = 'x'.repeat(124);

  it('reconnecting-websocket goes on receiving, and stays away when it is dropped', async () => {
    const peer = await server.peer({}, {});
    const socket = new TheirSocket(peer.url, [], options);
    await told(socket, 'open');
    expect(() => socket.close(1000, long)).toThrow(RangeError);
    const message = told(socket, 'message');
    await peer.at(0).json('to a zombie');
    expect(await message).toMatchObject({ data: '"to a zombie"' });
    expect(socket.readyState).toBe(TheirSocket.OPEN);

    const close = told(socket, 'close');
    await peer.at(0).end();
    await close;
    // What else it does it would begin to do in that event; two of ours come and go meanwhile.
    expect((await ours()).connections).toBe(2);
    expect([await peer.count(), socket.readyState]).toEqual([1, TheirSocket.CLOSED]);
  });

  async function ours() {
    const peer = await server.peer({ onOpen: [{ do: 'text', text: '"open"' }] });
    const socket = webSocket<string>(peer.url).pipeEvents(reconnectOnCode(after(1)));
    const heard = new Heard(socket);
    await heard.first;
    expect(() => socket.close(1000, long)).toThrow(expect.objectContaining({ name: 'SyntaxError' }) as Error);
    await peer.at(0).end();
    await peer.at(1).opened();
    socket.close();
    await heard.ended;
    return { connections: await peer.count(), terminal: heard.terminal };
  }

  it('ours has changed nothing, and connects again when it is dropped', async () => {
    expect(await ours()).toEqual({ connections: 2, terminal: 'complete' });
  });
});

describe('defect 16: one rejection of the url provider, and it never connects again', () => {
  /** A provider that fails the first time, and how often it was asked. */
  function provider(url: string) {
    const asked = { times: 0 };
    return { asked, url: () => (++asked.times === 1 ? Promise.reject(new Error('no token')) : Promise.resolve(url)) };
  }

  it('reconnecting-websocket leaves the rejection unhandled and says CONNECTING for ever, even after reconnect()', async () => {
    const peer = await server.peer({});
    const { asked, url } = provider(peer.url);
    // The test runner's own listeners would fail the run for the very rejection that this is about.
    const listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    try {
      const rejected = new Promise((resolve) => process.once('unhandledRejection', resolve));
      const socket = new TheirSocket(url, [], options);
      expect(await rejected).toMatchObject({ message: 'no token' });
      socket.reconnect();
      await ours();
      expect([asked.times, socket.readyState, await peer.count()]).toEqual([1, TheirSocket.CONNECTING, 0]);
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of listeners) process.on('unhandledRejection', listener);
    }
  });

  async function ours() {
    const peer = await server.peer({ onOpen: [{ do: 'text', text: '"open"' }] });
    const { asked, url } = provider(peer.url);
    const heard = new Heard(webSocket<string>({ url }).pipeEvents(reconnectOnCode(after(1))));
    const first = await heard.first;
    heard.subscription.unsubscribe();
    await peer.allGone();
    return { first, asked: asked.times };
  }

  it('ours makes a failed attempt of it, and asks again', async () => {
    expect(await ours()).toEqual({ first: 'open', asked: 2 });
  });
});

describe('defect 16: leaving a connection that is being made is an uncaught exception', () => {
  it('reconnecting-websocket throws it where nobody can catch, from reconnect() while CONNECTING', () => watchingUncaught(async (uncaught) => {
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

  it.each(['now', 'close', 'unsubscribe'] as const)('ours throws none, by %s', (how) => watchingUncaught(async (uncaught) => {
    const peer = await server.peer({ handshake: 'hold' }, { onOpen: [{ do: 'text', text: '"open"' }] });
    const now = new Subject<void>();
    const socket = webSocket<string>(peer.url).pipeEvents(reconnectOnCode(after(1), { now }));
    const heard = new Heard(socket);
    await peer.at(0).requested();
    if (how === 'now') {
      now.next();
      expect(await heard.first).toBe('open');
      socket.close();
    } else if (how === 'close') socket.close();
    else heard.subscription.unsubscribe();
    await peer.allGone();
    if (how !== 'unsubscribe') await heard.ended;
    expect(uncaught.errors).toEqual([]);
  }));
});

describe('defect 16: a reconnect with what may not be sent leaves two live sockets', () => {
  const long = 'x'.repeat(124);

  it('reconnecting-websocket opens another one beside the first, which nobody hears or closes any more', async () => {
    const peer = await server.peer({});
    const socket = new TheirSocket(peer.url, [], options);
    await told(socket, 'open');
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

  it('ours refuses such arguments when it is made, and has one connection however often it is told to replace it', async () => {
    const peer = await server.peer({});
    const now = new Subject<void>();
    const socket = webSocket<string>(peer.url).pipeEvents(reconnectOnCode(after(1), { now }));
    const heard = new Heard(socket);
    const opened = () => firstValueFrom(socket.status.pipe(filter(({ state }) => state === 'open')));
    await opened();
    for (let times = 0; times < 5; times++) now.next();
    await opened();
    socket.close();
    await heard.ended;
    await peer.allGone();
    expect([await peer.count(), await peer.mostAlive()]).toEqual([2, 1]);
    expect(() => suspendWhile(now.pipe(map(() => true)), { code: 1000, reason: long })).toThrow(expect.objectContaining({ name: 'SyntaxError' }) as Error);
  });
});

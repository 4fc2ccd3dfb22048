import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { heartbeat, ping, webSocket, type SocketOpen } from '../../src/index.js';
import { recorded } from '../subject/recorded.js';
import { setUpFake } from '../subject/setUp.js';
import { uplinks } from './uplinks.js';

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
});

function setUp() {
  const sockets = uplinks({ onPing: 'nothing' });
  const socket = webSocket<unknown>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor });
  const seen = recorded(socket.events);
  sockets.last.open();
  const open = seen.events.at(-1);
  if (open?.type !== 'open') throw new Error('not open');
  vi.advanceTimersByTime(10);
  const outcomes: unknown[] = [];
  const send = (): void => {
    ping(open).then((ms) => outcomes.push(ms), (error: unknown) => outcomes.push(String(error)));
  };
  return { link: sockets.last, outcomes, send, socket };
}

it('resolves to the milliseconds until its pong; a pong answers earlier pings, too, and no later ones', async () => {
  const { link, outcomes, send } = setUp();
  send();
  send();
  send();
  await vi.advanceTimersByTimeAsync(30);
  link.pong('an unknown one');
  await vi.advanceTimersByTimeAsync(5);
  expect(outcomes).toEqual([]);
  link.pong(link.pings[1] as string);
  await vi.advanceTimersByTimeAsync(5);
  expect(outcomes).toEqual([35, 35]);
  link.pong(link.pings[2] as string);
  await vi.advanceTimersByTimeAsync(0);
  expect(outcomes).toEqual([35, 35, 40]);
});

it('a hundred may wait for their pong; one more makes the oldest fail', async () => {
  const { link, outcomes, send } = setUp();
  for (let n = 0; n < 100; n++) send();
  await vi.advanceTimersByTimeAsync(0);
  expect(outcomes).toEqual([]);
  send();
  await vi.advanceTimersByTimeAsync(0);
  expect(outcomes).toEqual(['InvalidStateError: ping: too many pings wait for their pong']);
  link.pong(link.pings.at(-1) as string);
  await vi.advanceTimersByTimeAsync(0);
  expect(outcomes).toHaveLength(101);
});

it.each([
  ['no ping frames', {}],
  ['a ping without an event for its pong', { ping: () => undefined }],
  ['events without a ping', { on: () => undefined }],
])('a transport that has %s cannot ping: the promise rejects, and heartbeat does nothing and reports it', async (_what, parts) => {
  const { socket, sockets, warnings } = setUpFake<unknown>();
  const seen = recorded(socket.pipeEvents(heartbeat()).events);
  Object.assign(sockets.last, parts).open();
  await expect(ping(seen.events[1] as SocketOpen<unknown, never>)).rejects.toThrow(new TypeError('ping: the transport cannot send ping frames'));
  vi.advanceTimersByTime(60_000);
  const error = new TypeError('heartbeat without ping: the transport cannot send ping frames');
  expect([seen.log, warnings]).toEqual([['connecting 0', 'open 0'], [{ kind: 'callback', callback: 'heartbeat', error }]]);
  seen.unsubscribe();
});

it('fails once our Close is sent, and when the connection ends before the pong', async () => {
  const { link, outcomes, send, socket } = setUp();
  send();
  socket.close();
  send();
  await vi.advanceTimersByTimeAsync(0);
  expect(outcomes).toEqual(['InvalidStateError: ping: the connection is closing or gone']);
  link.closeClean(1000);
  await vi.advanceTimersByTimeAsync(0);
  expect(outcomes.at(-1)).toBe('InvalidStateError: ping: the connection ended before the pong');
});

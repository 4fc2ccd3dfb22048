import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reconnectOnCode, webSocket } from '../../src/index.js';
import { FakeSocket } from '../subject/FakeSocket.js';

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Numbers from 0 to 1, the same ones for the same seed (Park and Miller's generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** What a server does with each connection that is asked for. */
type Server = (socket: FakeSocket) => void;

const refusing: Server = (socket) => socket.drop();

/** Accepts, and drops when so many ms have passed. */
const dropping = (uptime: number): Server => (socket) => {
  socket.open();
  if (uptime === 0) socket.drop();
  else setTimeout(() => socket.drop(), uptime);
};

/** At which ms of ten minutes a client with the default policy asks for a connection. */
function attemptsAt(server: Server, seed: number, stableAfter?: number): number[] {
  vi.setSystemTime(0);
  vi.spyOn(Math, 'random').mockImplementation(seeded(seed));
  const times: number[] = [];
  const socket = webSocket<number>({
    url: 'ws://fake',
    ...(stableAfter === undefined ? {} : { stableAfter }),
    WebSocketCtor: class extends FakeSocket {
      constructor(url: string) {
        super(url);
        times.push(Date.now());
        setTimeout(() => server(this));
      }
    },
  });
  const subscription = socket.pipeEvents(reconnectOnCode()).subscribe();
  vi.advanceTimersByTime(10 * 60_000);
  subscription.unsubscribe();
  vi.advanceTimersByTime(60_000); // the server has its say, and a Close that nobody answers its time
  return times;
}

describe.each([1, 2, 3, 20_261_120])('in ten minutes, with chance number %i', (seed) => {
  it('S8: a server that accepts and drops is asked when one that refuses is, and not once more', () => {
    const refused = attemptsAt(refusing, seed);
    // Random waits of up to 40 s: some dozens of attempts, and never a storm.
    expect(refused.length).toBeGreaterThan(25);
    expect(refused.length).toBeLessThan(80);
    expect(attemptsAt(dropping(0), seed)).toEqual(refused);
  });

  it.each([1, 1_000, 4_999])('S8: one that drops after %i ms is asked no more often', (uptime) => {
    const refused = attemptsAt(refusing, seed);
    const dropped = attemptsAt(dropping(uptime), seed);
    expect(dropped.length).toBeGreaterThan(1);
    // The n-th attempt is never earlier: what is waited for is the same, and the time of being open comes on top.
    expect(dropped.filter((at, index) => at < (refused[index] ?? Infinity))).toEqual([]);
  });

  it('S8: only where every open counts as stable it would be asked many times as often', () => {
    expect(attemptsAt(dropping(0), seed, 0).length).toBeGreaterThan(10 * attemptsAt(refusing, seed).length);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reconnectOnCode, webSocket } from '../../src/index.js';
import type { TestConnection } from '../../src/testing/index.js';
import { manualServer } from '../subject/setUp.js';

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

/** Numbers from 0 to 1, the same ones for the same seed (Park and Miller's generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** What a server does with each attempt to connect. */
type Server = (connection: TestConnection) => void;

const refusing: Server = (connection) => connection.drop();

/** Accepts, and drops the connection after so many ms. */
const dropping = (uptime: number): Server => (connection) => {
  connection.accept();
  if (uptime === 0) connection.drop();
  else setTimeout(() => connection.drop(), uptime);
};

/** Returns the milliseconds, within ten minutes, at which a client with the default policy tries to connect. */
function attemptsAt(act: Server, seed: number, stableAfter?: number): number[] {
  vi.setSystemTime(0);
  const { last, server } = manualServer({ random: seeded(seed) });
  const times: number[] = [];
  const socket = webSocket<number>({
    url: 'ws://fake',
    ...(stableAfter === undefined ? {} : { stableAfter }),
    WebSocketCtor: class extends server.WebSocket {
      constructor(url: string) {
        super(url);
        times.push(Date.now());
        const connection = last();
        setTimeout(() => connection.state === 'connecting' && act(connection));
      }
    },
  });
  const subscription = socket.pipeEvents(reconnectOnCode()).subscribe();
  vi.advanceTimersByTime(10 * 60_000);
  subscription.unsubscribe();
  vi.advanceTimersByTime(60_000); // the server acts, and an unanswered Close times out
  return times;
}

describe.each([1, 2, 3, 20_261_120])('in ten minutes, with random seed %i', (seed) => {
  it('S8: a server that accepts and drops gets its attempts at the same times as one that refuses, and no more of them', () => {
    const refused = attemptsAt(refusing, seed);
    // Random waits of up to 40 s: some dozens of attempts, and never a storm.
    expect(refused.length).toBeGreaterThan(25);
    expect(refused.length).toBeLessThan(80);
    expect(attemptsAt(dropping(0), seed)).toEqual(refused);
  });

  it.each([1, 1_000, 4_999])('S8: one that drops after %i ms gets no more attempts', (uptime) => {
    const refused = attemptsAt(refusing, seed);
    const dropped = attemptsAt(dropping(uptime), seed);
    expect(dropped.length).toBeGreaterThan(1);
    // The n-th attempt is never earlier: the waits are the same, and the time of being open is added.
    expect(dropped.filter((at, index) => at < (refused[index] ?? Infinity))).toEqual([]);
  });

  it('S8: it would get many times as many attempts if every open connection counted as stable', () => {
    expect(attemptsAt(dropping(0), seed, 0).length).toBeGreaterThan(10 * attemptsAt(refusing, seed).length);
  });
});

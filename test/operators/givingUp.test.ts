import { tap } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, atMost, reconnectOnCode, stop, WebSocketCloseError, within, type ReconnectPolicy } from '../../src/index.js';
import { recorded } from '../subject/recorded.js';
import { lastClose, setUp } from '../subject/setUp.js';

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

/** A policy that gives up at the third end: the first connection at 0 s, retries at 10 s and at 20 s. */
const policies: [string, ReconnectPolicy][] = [
  ['atMost(2, …)', atMost(2, after(10_000))],
  ['within(20_000, …)', within(20_000, after(10_000))],
  ['atMost around within', atMost(2, within(60_000, after(10_000)))],
  ['within around atMost', within(60_000, atMost(2, after(10_000)))],
];

describe.each(policies)('giving up by %s', (_name, policy) => {
  it('S6: passes the last end on unchanged, the same event and the same error, in the same task', () => {
    const { last, server, socket } = setUp();
    const before: { event?: unknown; error?: unknown } = {};
    // Applied with `pipe`, to record what goes into the operator as well as what comes out of it.
    const seen = recorded(socket.events.pipe(
      tap({ next: (event) => (before.event = event), error: (error: unknown) => (before.error = error) }),
      reconnectOnCode(policy),
    ));
    for (const wait of [0, 10_000, 10_000]) {
      vi.advanceTimersByTime(wait);
      last().drop();
    }
    expect(seen.log).toEqual([
      'connecting 0', 'reconnecting 1 in 10000', 'connecting 1', 'reconnecting 2 in 10000', 'connecting 2',
      'close 1006 unclean transport', 'WebSocketCloseError',
    ]);
    expect(seen.events.at(-1)).toBe(before.event);
    expect(seen.error).toBe(before.error);
    expect(seen.error).toBeInstanceOf(WebSocketCloseError);
    expect((seen.error as WebSocketCloseError).event).toBe(lastClose(seen));
    expect(lastClose(seen)).toMatchObject({ attempt: 2, opened: false, cause: { message: 'socket hang up' } });
    expect(server.connections).toHaveLength(3);
  });

  it('S6: of a clean end completes, as the clean end does', () => {
    const { last, server, socket } = setUp();
    const seen = recorded(socket.pipeEvents(reconnectOnCode(policy)).events);
    for (const wait of [0, 10_000, 10_000]) {
      vi.advanceTimersByTime(wait);
      last().accept();
      last().close(1012, 'restart');
    }
    expect(seen.log.slice(-2)).toEqual(['close 1012 restart clean remote', 'complete']);
    expect(server.connections).toHaveLength(3);
  });

  it('S10: the status says how many connections there were, and when the session ended', () => {
    const { last, socket, statuses } = setUp();
    const seen = recorded(socket.pipeEvents(reconnectOnCode(policy)).events);
    for (const wait of [0, 10_000, 10_000]) {
      vi.advanceTimersByTime(wait);
      last().drop();
    }
    vi.advanceTimersByTime(5_000);
    expect(statuses.at(-1)).toEqual({ state: 'closed', closeEvent: lastClose(seen), attempts: 3, since: 1_020_000, queued: 0 });
    expect(statuses.filter(({ state }) => state === 'closed')).toHaveLength(1);
  });

  it('S8: starts the count again after a stable connection', () => {
    const { last, socket, statuses } = setUp();
    recorded(socket.pipeEvents(reconnectOnCode(policy)).events);
    last().drop();
    vi.advanceTimersByTime(10_000);
    last().accept();
    vi.advanceTimersByTime(5_000);
    last().drop();
    for (const wait of [10_000, 10_000]) {
      vi.advanceTimersByTime(wait);
      last().drop();
    }
    expect(statuses.at(-1)).toMatchObject({ state: 'closed', attempts: 4, since: 1_035_000 });
  });
});

describe('giving up at once', () => {
  it.each([
    ['stop', stop],
    ['atMost(0, …)', atMost(0, after(0))],
    ['within(0, …)', within(0, after(0))],
  ])('S6: by %s, the status says that there was one connection', (_name, policy) => {
    const { last, socket, statuses } = setUp();
    const seen = recorded(socket.pipeEvents(reconnectOnCode(policy)).events);
    last().drop();
    expect(statuses.at(-1)).toEqual({ state: 'closed', closeEvent: lastClose(seen), attempts: 1, since: 1_000_000, queued: 0 });
  });
});

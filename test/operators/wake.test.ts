import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, type ReconnectOptions } from '../../src/index.js';
import { errorNaming } from '../policy/errorNaming.js';
import { recorded } from '../subject/recorded.js';
import { setUp as setUpSocket } from '../subject/setUp.js';

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function setUp(options: ReconnectOptions, random?: () => number) {
  const all = setUpSocket({}, { random });
  return { ...all, seen: recorded(all.socket.pipeEvents(reconnectOnCode(after(60_000), options)).events) };
}

describe('reconnectOnCode(policy, { wake })', () => {
  it('ends a wait after a random part of a second, and says so in the status', () => {
    const wake = new Subject<void>();
    const { last, server, statuses, seen } = setUp({ wake }, () => 0.25);
    last().drop();
    vi.advanceTimersByTime(10_000);
    wake.next();
    expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'delay', until: 10_250 });
    vi.advanceTimersByTime(249);
    expect(server.connections).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(server.connections).toHaveLength(2);
    seen.unsubscribe();
  });

  it('makes no wait longer', () => {
    const wake = new Subject<void>();
    const { last, server, statuses, seen } = setUp({ wake }, () => 0.9);
    last().drop();
    vi.advanceTimersByTime(59_500);
    wake.next();
    wake.next();
    expect(statuses.at(-1)).toMatchObject({ until: 60_000 });
    vi.advanceTimersByTime(500);
    expect(server.connections).toHaveLength(2);
    seen.unsubscribe();
  });

  it('makes no wait longer that ends right now', () => {
    const wake = new Subject<void>();
    const { last, server, seen } = setUp({ wake });
    setTimeout(() => wake.next(), 60_000);
    last().drop();
    vi.advanceTimersByTime(60_000);
    expect(server.connections).toHaveLength(2);
    seen.unsubscribe();
  });

  it('ends a wait at one random time, not at the sooner one of two', () => {
    const wake = new Subject<void>();
    const times = [0.9, 0.1];
    const { last, server, seen } = setUp({ wake }, () => times.shift() ?? 0);
    last().drop();
    wake.next();
    vi.advanceTimersByTime(899);
    expect(server.connections).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(server.connections).toHaveLength(2);
    seen.unsubscribe();
  });

  it('does not end the wait after a connection that came after the signal', () => {
    const wake = new Subject<void>();
    const { last, server, socket } = setUpSocket();
    const seen = recorded(socket.pipeEvents(reconnectOnCode(({ attempt }) => (attempt === 1 ? 100 : 60_000), { wake })).events);
    wake.next();
    last().drop();
    vi.advanceTimersByTime(100);
    last().drop();
    vi.advanceTimersByTime(59_999);
    expect(server.connections).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(server.connections).toHaveLength(3);
    seen.unsubscribe();
  });

  it('does not affect a connection that is open, or being made', () => {
    const wake = new Subject<void>();
    const { last, server, seen } = setUp({ wake });
    wake.next();
    last().accept();
    wake.next();
    vi.advanceTimersByTime(10_000);
    expect([server.connections.length, last().closedWith]).toEqual([1, null]);
    seen.unsubscribe();
  });

  it('also ends the wait after a connection that ends a moment after the signal', () => {
    const wake = new Subject<void>();
    const { last, server, seen } = setUp({ wake });
    last().accept();
    wake.next();
    last().drop();
    vi.advanceTimersByTime(1_000);
    expect(server.connections).toHaveLength(2);
    seen.unsubscribe();
  });

  it('from inside reconnecting, ends that wait', () => {
    const wake = new Subject<void>();
    const { last, server, socket } = setUp({ wake });
    const subscription = socket.pipeEvents(reconnectOnCode(after(60_000), { wake })).events.subscribe(({ type }) => type === 'reconnecting' && wake.next());
    last().drop();
    vi.advanceTimersByTime(500);
    expect(server.connections).toHaveLength(2);
    subscription.unsubscribe();
    socket.close();
  });

  it('S5: does nothing after an end by your code', () => {
    const wake = new Subject<void>();
    const { last, server, socket, seen } = setUp({ wake });
    last().drop();
    wake.next();
    socket.close();
    vi.advanceTimersByTime(100_000);
    expect([server.connections.length, wake.observed, seen.log.at(-1)]).toEqual([1, false, 'complete']);
  });

  it('S16: an error of wake is reported on warnings', () => {
    const wake = new Subject<void>();
    const { server, warnings, seen } = setUp({ wake });
    wake.error(new Error('broken'));
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'wake', error: { message: 'broken' } }]);
    expect(server.connections).toHaveLength(1);
    seen.unsubscribe();
  });

  it('must be an Observable or false', () => {
    expect(() => reconnectOnCode(after(0), { wake: true as never })).toThrow(errorNaming(TypeError, /reconnectOnCode.*'wake' must be an Observable or false/));
  });

  it('an option that does not exist, such as `now`, throws a TypeError that names it', () => {
    expect(() => reconnectOnCode(after(0), { now: new Subject() } as never)).toThrow(errorNaming(TypeError, /reconnectOnCode.*'now'/));
  });

  it('after a sleep, when the clock has gone on and the timers have not, ends the wait', () => {
    const wake = new Subject<void>();
    const { last, server, seen } = setUp({ wake });
    last().drop();
    vi.setSystemTime(3_600_000);
    wake.next();
    vi.advanceTimersByTime(1_000);
    expect(server.connections).toHaveLength(2);
    seen.unsubscribe();
  });

  it('from inside the status of the wait, takes effect once', () => {
    const wake = new Subject<void>();
    const { last, server, socket, seen } = setUp({ wake });
    socket.status.subscribe(({ state }) => state === 'waiting' && wake.next());
    last().drop();
    vi.advanceTimersByTime(1_000);
    expect(server.connections).toHaveLength(2);
    seen.unsubscribe();
  });
});

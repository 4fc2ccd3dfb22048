import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, webSocket, type ReconnectOptions, type SocketStatus, type SocketWarning } from '../../src/index.js';
import { errorNaming } from '../policy/errorNaming.js';
import { fakeSockets } from '../subject/FakeSocket.js';
import { recorded } from '../subject/recorded.js';

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function setUp(options: ReconnectOptions) {
  const sockets = fakeSockets();
  const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor });
  const statuses: SocketStatus[] = [];
  const warnings: SocketWarning[] = [];
  socket.status.subscribe((status) => statuses.push(status));
  socket.warnings.subscribe((warning) => warnings.push(warning));
  const seen = recorded(socket.pipeEvents(reconnectOnCode(after(60_000), options)).events);
  return { sockets, socket, statuses, warnings, seen };
}

describe('reconnectOnCode(policy, { wake })', () => {
  it('ends a wait after a random part of a second, and says so in the status', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.25);
    const wake = new Subject<void>();
    const { sockets, statuses, seen } = setUp({ wake });
    sockets.last.drop();
    vi.advanceTimersByTime(10_000);
    wake.next();
    expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'delay', until: 10_250 });
    vi.advanceTimersByTime(249);
    expect(sockets.made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('makes no wait longer', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.9);
    const wake = new Subject<void>();
    const { sockets, statuses, seen } = setUp({ wake });
    sockets.last.drop();
    vi.advanceTimersByTime(59_500);
    wake.next();
    wake.next();
    expect(statuses.at(-1)).toMatchObject({ until: 60_000 });
    vi.advanceTimersByTime(500);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('does not affect a connection that is open, or being made', () => {
    const wake = new Subject<void>();
    const { sockets, seen } = setUp({ wake });
    wake.next();
    sockets.last.open();
    wake.next();
    vi.advanceTimersByTime(10_000);
    expect([sockets.made.length, sockets.last.closes]).toEqual([1, []]);
    seen.unsubscribe();
    sockets.last.closeClean(1000);
  });

  it('also ends the wait after a connection that ends a moment after the signal', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const wake = new Subject<void>();
    const { sockets, seen } = setUp({ wake });
    sockets.last.open();
    wake.next();
    sockets.last.drop();
    vi.advanceTimersByTime(1_000);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('from inside reconnecting, ends that wait', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const wake = new Subject<void>();
    const { sockets, socket } = setUp({ wake });
    const subscription = socket.pipeEvents(reconnectOnCode(after(60_000), { wake })).events.subscribe(({ type }) => type === 'reconnecting' && wake.next());
    sockets.last.drop();
    vi.advanceTimersByTime(500);
    expect(sockets.made).toHaveLength(2);
    subscription.unsubscribe();
    socket.close();
  });

  it('S5: does nothing after an end by your code', () => {
    const wake = new Subject<void>();
    const { sockets, socket, seen } = setUp({ wake });
    sockets.last.drop();
    wake.next();
    socket.close();
    vi.advanceTimersByTime(100_000);
    expect([sockets.made.length, wake.observed, seen.log.at(-1)]).toEqual([1, false, 'complete']);
  });

  it('S16: an error of wake is reported on warnings', () => {
    const wake = new Subject<void>();
    const { sockets, warnings, seen } = setUp({ wake });
    wake.error(new Error('broken'));
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'wake', error: { message: 'broken' } }]);
    expect(sockets.made).toHaveLength(1);
    seen.unsubscribe();
  });

  it('must be an Observable or false', () => {
    expect(() => reconnectOnCode(after(0), { wake: true as never })).toThrow(errorNaming(TypeError, /reconnectOnCode.*'wake'/));
  });

  it('an option that does not exist, such as `now`, throws a TypeError that names it', () => {
    expect(() => reconnectOnCode(after(0), { now: new Subject() } as never)).toThrow(errorNaming(TypeError, /reconnectOnCode.*'now'/));
  });

  it('after a sleep, when the clock has gone on and the timers have not, ends the wait', () => {
    const wake = new Subject<void>();
    const { sockets, seen } = setUp({ wake });
    sockets.last.drop();
    vi.setSystemTime(3_600_000);
    wake.next();
    vi.advanceTimersByTime(1_000);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('from inside the status of the wait, takes effect once', () => {
    const wake = new Subject<void>();
    const { sockets, socket, seen } = setUp({ wake });
    socket.status.subscribe(({ state }) => state === 'waiting' && wake.next());
    sockets.last.drop();
    vi.advanceTimersByTime(1_000);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });
});

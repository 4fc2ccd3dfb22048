import { BehaviorSubject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, suspendWhile, webSocket } from '../../src/index.js';
import type { SocketStatus, SocketWarning, WebSocketSubjectConfig } from '../../src/index.js';
import { fakeSockets } from './FakeSocket.js';
import { recorded } from './recorded.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

function setUp(config: Partial<WebSocketSubjectConfig<number>> = {}) {
  const sockets = fakeSockets();
  const policy = vi.fn((): number | null => null);
  const base = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, ...config });
  const statuses: SocketStatus[] = [];
  const warnings: SocketWarning[] = [];
  base.status.subscribe((status) => statuses.push(status));
  base.warnings.subscribe((warning) => warnings.push(warning));
  const socket = base.pipeEvents(reconnectOnCode(policy));
  return { sockets, policy, base, socket, statuses, warnings };
}

/** After `reconnect()`, further calls before the next microtask do nothing. */
const nextMicrotask = (): Promise<void> => Promise.resolve();

describe('reconnect()', () => {
  it('closes an open connection with 1000 and makes another one, and asks no policy', () => {
    const { sockets, policy, socket, statuses } = setUp();
    const seen = recorded(socket.events);
    sockets.last.open();
    socket.reconnect();
    expect(sockets.last.closes).toEqual([[1000]]);
    expect(statuses.at(-1)).toMatchObject({ state: 'closing', code: 1000, reason: '' });
    sockets.last.closeClean(1000);
    sockets.last.open();
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'reconnecting 0 in 0', 'connecting 0', 'open 0']);
    expect(seen.events[2]).toMatchObject({ closeEvent: { code: 1000, wasClean: true, initiator: 'local' } });
    expect([policy.mock.calls, statuses.some(({ state }) => state === 'closed')]).toEqual([[], false]);
    socket.close();
    sockets.last.closeClean(1000);
  });

  it('abandons a pending attempt and makes another one with the same number, with a new call of the url function', () => {
    let token = 'old';
    const { sockets, socket } = setUp({ url: () => `ws://fake/${token}` });
    const seen = recorded(socket.events);
    token = 'new';
    socket.reconnect();
    expect(sockets.made.map(({ url }) => url)).toEqual(['ws://fake/old', 'ws://fake/new']);
    expect(seen.log).toEqual(['connecting 0', 'reconnecting 0 in 0', 'connecting 0']);
    seen.unsubscribe();
  });

  it('abandons an attempt whose url is still pending', () => {
    const signals: AbortSignal[] = [];
    const { sockets, socket } = setUp({
      url: ({ signal }) => {
        signals.push(signal);
        return new Promise<string>(() => undefined);
      },
    });
    const seen = recorded(socket.events);
    socket.reconnect();
    expect([signals.map(({ aborted }) => aborted), sockets.made]).toEqual([[true, false], []]);
    seen.unsubscribe();
  });

  it('cuts a wait short', () => {
    const { sockets, policy, socket } = setUp();
    policy.mockReturnValueOnce(60_000);
    const seen = recorded(socket.events);
    sockets.last.closeClean(1013);
    socket.reconnect();
    expect(seen.log).toEqual(['connecting 0', 'reconnecting 1 in 60000', 'connecting 1']);
    seen.unsubscribe();
  });

  it.each([
    ['open', (sockets: ReturnType<typeof fakeSockets>) => sockets.last.open()],
    ['connecting', () => undefined],
  ])('acts once before the next microtask, on a connection that is %s', async (_state, prepare) => {
    const { sockets, socket } = setUp();
    const seen = recorded(socket.events);
    prepare(sockets);
    socket.reconnect();
    socket.reconnect();
    if (sockets.made[0]?.readyState === 2) sockets.made[0].closeClean(1000);
    expect([sockets.made[0]?.closes, sockets.made.length]).toEqual([[[1000]], 2]);
    await nextMicrotask();
    socket.reconnect();
    expect(sockets.made).toHaveLength(3);
    seen.unsubscribe();
  });

  it('does nothing more to a connection that is being replaced', async () => {
    const { sockets, socket } = setUp();
    const seen = recorded(socket.events);
    sockets.last.open();
    socket.reconnect();
    await nextMicrotask();
    socket.reconnect();
    sockets.last.closeClean(1000);
    expect([sockets.made[0]?.closes, sockets.made.length]).toEqual([[[1000]], 2]);
    expect(seen.log.slice(2)).toEqual(['reconnecting 0 in 0', 'connecting 0']);
    seen.unsubscribe();
  });

  it('replaces a connection that a bad message is closing, and asks no policy', () => {
    const { sockets, policy, socket } = setUp({ onInvalid: { code: 4007 } });
    const seen = recorded(socket.events);
    sockets.last.open();
    sockets.last.onmessage({ data: '{' });
    socket.reconnect();
    expect(sockets.last.closes).toEqual([[4007]]);
    sockets.last.closeClean(4007);
    expect([policy.mock.calls, seen.log.at(-1)]).toEqual([[], 'connecting 0']);
    seen.unsubscribe();
  });

  it.each([
    [60_000, 1_000],
    [300, 300],
  ])('S3: gives a server 1 s to answer the Close, or less where closeTimeout (%d ms) is less', (closeTimeout, ms) => {
    const { sockets, socket } = setUp({ closeTimeout });
    const seen = recorded(socket.events);
    sockets.last.open();
    socket.reconnect();
    vi.advanceTimersByTime(ms - 1);
    expect(sockets.made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sockets.made).toHaveLength(2);
    expect(seen.events[2]).toMatchObject({ closeEvent: { code: 1006, wasClean: false, initiator: 'local' } });
    seen.unsubscribe();
  });

  it('S13: keeps the outbox, what is sent meanwhile, and the promises of send()', async () => {
    const { sockets, socket } = setUp();
    const seen = recorded(socket.events);
    socket.next(1);
    const settled = vi.fn();
    socket.send(2).then(settled, settled);
    socket.reconnect();
    await nextMicrotask();
    expect(settled).not.toHaveBeenCalled();
    sockets.last.open();
    await nextMicrotask();
    socket.reconnect();
    socket.next(3);
    sockets.last.closeClean(1000);
    sockets.last.open();
    expect(sockets.made.map(({ sent }) => sent)).toEqual([[], ['1', '2'], ['3']]);
    await nextMicrotask();
    expect(settled.mock.calls).toEqual([[undefined]]);
    socket.close();
    sockets.last.closeClean(1000);
    expect(seen.log.at(-1)).toBe('complete');
  });

  it('S5: does nothing without a session, while it ends, and after it', () => {
    const { sockets, socket } = setUp();
    socket.reconnect();
    const seen = recorded(socket.events);
    sockets.last.open();
    socket.close(4001);
    socket.reconnect();
    sockets.last.closeClean(4001);
    socket.reconnect();
    expect([sockets.made.length, sockets.last.closes, seen.log.slice(2)]).toEqual([1, [[4001]], ['close 4001 clean local', 'complete']]);
  });

  it.each(['complete', 'close'] as const)('S5: %s() while the connection is being replaced is final', (end) => {
    const { sockets, socket } = setUp();
    const seen = recorded(socket.events);
    sockets.last.open();
    socket.reconnect();
    socket[end]();
    sockets.last.closeClean(1000);
    expect([sockets.made.length, seen.log.slice(2)]).toEqual([1, ['close 1000 clean local', 'complete']]);
  });

  it('S8: counts nothing', async () => {
    const { sockets, policy, socket } = setUp();
    const attempts: number[] = [];
    policy.mockImplementation(((attempt: { attempt: number }) => {
      attempts.push(attempt.attempt);
      return 0;
    }) as never);
    const seen = recorded(socket.events);
    const reconnect = async (): Promise<void> => {
      await nextMicrotask();
      socket.reconnect();
    };
    await reconnect();
    sockets.last.drop();
    sockets.last.drop();
    await reconnect();
    await reconnect();
    sockets.last.drop();
    expect(attempts).toEqual([1, 2, 3]);
    expect(seen.log.filter((word) => String(word).startsWith('connecting'))).toEqual([0, 0, 1, 2, 2, 2, 3].map((attempt) => `connecting ${attempt}`));
    seen.unsubscribe();
  });

  it('S17: all subscribers of all subjects receive reconnecting and go on, with or without reconnectOnCode', () => {
    const { sockets, base, socket } = setUp();
    const seen = [recorded(socket.events), recorded(socket.events), recorded(base.events), recorded(base.pipeEvents(reconnectOnCode()).events)];
    base.reconnect();
    for (const { log } of seen) expect(log).toEqual(['connecting 0', 'reconnecting 0 in 0', 'connecting 0']);
    expect(sockets.made).toHaveLength(2);
    base.close();
  });

  it('S10: the status is waiting, then connecting, and never closed', () => {
    const { sockets, base, statuses } = setUp();
    const seen = recorded(base.events);
    sockets.last.open();
    base.reconnect();
    sockets.last.closeClean(1000);
    expect(statuses.map(({ state }) => state)).toEqual(['idle', 'connecting', 'open', 'closing', 'waiting', 'connecting']);
    seen.unsubscribe();
  });

  it('S11: a late subscriber of a suspended subject receives reconnecting, then the connection', async () => {
    const { sockets, base } = setUp();
    const signal = new BehaviorSubject(false);
    const seen = recorded(base.pipeEvents(suspendWhile(signal)).events);
    signal.next(true);
    await nextMicrotask();
    base.reconnect();
    expect(sockets.made).toHaveLength(1);
    const late = recorded(base.events);
    signal.next(false);
    expect(late.log).toEqual(['reconnecting 0 in Infinity', 'connecting 0']);
    expect(sockets.made).toHaveLength(2);
    for (const one of [seen, late]) one.unsubscribe();
  });

  it('while suspended, is remembered by a retry that is not due yet', async () => {
    const { sockets, policy, base, socket } = setUp();
    policy.mockReturnValueOnce(60_000);
    const signal = new BehaviorSubject(false);
    const seen = recorded(socket.pipeEvents(suspendWhile(signal)).events);
    sockets.last.closeClean(1013);
    signal.next(true);
    base.reconnect();
    expect(sockets.made).toHaveLength(1);
    signal.next(false);
    expect(sockets.made).toHaveLength(2);
    expect(seen.log).toEqual(['connecting 0', 'reconnecting 1 in 60000', 'connecting 1']);
    seen.unsubscribe();
    await nextMicrotask();
  });

  it('from inside an event, acts after all subscribers have received it', () => {
    const { sockets, socket } = setUp();
    const subscription = socket.events.subscribe((event) => {
      if (event.type === 'open' && sockets.made.length === 1) socket.reconnect();
    });
    const seen = recorded(socket.events);
    sockets.last.open();
    sockets.last.closeClean(1000);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'reconnecting 0 in 0', 'connecting 0']);
    seen.unsubscribe();
    subscription.unsubscribe();
  });

  it('from inside each connecting, makes no endless loop', () => {
    const { sockets, socket } = setUp();
    const subscription = socket.events.subscribe(({ type }) => type === 'connecting' && socket.reconnect());
    expect(sockets.made.length).toBeLessThanOrEqual(2);
    subscription.unsubscribe();
  });

  it('from inside the close that ends the session, does nothing', () => {
    const { sockets, base } = setUp();
    const seen = recorded(base.events);
    base.events.subscribe(({ type }) => type === 'close' && base.reconnect());
    sockets.last.open();
    sockets.last.closeClean(4401);
    expect([sockets.made.length, seen.log.at(-1)]).toEqual([1, 'complete']);
  });

  it('with a subscriber that waits beside an open connection, replaces that connection and leaves the wait alone', () => {
    const { sockets, base } = setUp();
    const waiting = recorded(base.events.pipe(reconnectOnCode(after(60_000))));
    const open = recorded(base.events.pipe(reconnectOnCode(after(0))));
    sockets.last.drop();
    sockets.last.open();
    base.reconnect();
    sockets.last.closeClean(1000);
    expect(open.log.slice(-2)).toEqual(['reconnecting 1 in 0', 'connecting 1']);
    expect(waiting.log).toEqual(['connecting 0', 'reconnecting 1 in 60000']);
    base.unsubscribe();
  });
});

import { BehaviorSubject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, suspendWhile } from '../../src/index.js';
import type { WebSocketSubjectConfig } from '../../src/index.js';
import type { TestConnection } from '../../src/testing/index.js';
import { recorded } from './recorded.js';
import { setUp as setUpBase } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

function setUp(config: Partial<WebSocketSubjectConfig<number>> = {}) {
  const policy = vi.fn((): number | null => null);
  const { socket: base, ...all } = setUpBase(config);
  return { ...all, policy, base, socket: base.pipeEvents(reconnectOnCode(policy)) };
}

/** After `reconnect()`, further calls before the next microtask do nothing. */
const nextMicrotask = (): Promise<void> => Promise.resolve();

describe('reconnect()', () => {
  it('closes an open connection with 1000 and makes another one, and asks no policy', () => {
    const { last, policy, socket, statuses } = setUp();
    const seen = recorded(socket.events);
    last().accept();
    socket.reconnect();
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
    expect(statuses.at(-1)).toMatchObject({ state: 'closing', code: 1000, reason: '' });
    last().close(1000);
    last().accept();
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'reconnecting 0 in 0', 'connecting 0', 'open 0']);
    expect(seen.events[2]).toMatchObject({ closeEvent: { code: 1000, wasClean: true, initiator: 'local' } });
    expect([policy.mock.calls, statuses.some(({ state }) => state === 'closed')]).toEqual([[], false]);
    socket.close();
  });

  it('abandons a pending attempt and makes another one with the same number, with a new call of the url function', () => {
    let token = 'old';
    const { server, socket } = setUp({ url: () => `ws://fake/${token}` });
    const seen = recorded(socket.events);
    token = 'new';
    socket.reconnect();
    expect(server.connections.map(({ url }) => url)).toEqual(['ws://fake/old', 'ws://fake/new']);
    expect(seen.log).toEqual(['connecting 0', 'reconnecting 0 in 0', 'connecting 0']);
    seen.unsubscribe();
  });

  it('abandons an attempt whose url is still pending', () => {
    const signals: AbortSignal[] = [];
    const { server, socket } = setUp({
      url: ({ signal }) => {
        signals.push(signal);
        return new Promise<string>(() => undefined);
      },
    });
    const seen = recorded(socket.events);
    socket.reconnect();
    expect([signals.map(({ aborted }) => aborted), server.connections]).toEqual([[true, false], []]);
    seen.unsubscribe();
  });

  it('cuts a wait short', () => {
    const { last, policy, socket } = setUp();
    policy.mockReturnValueOnce(60_000);
    const seen = recorded(socket.events);
    last().drop();
    socket.reconnect();
    expect(seen.log).toEqual(['connecting 0', 'reconnecting 1 in 60000', 'connecting 1']);
    seen.unsubscribe();
  });

  it('cuts all waits short', () => {
    const { last, server, base } = setUp();
    const seen = [50_000, 60_000].map((ms) => recorded(base.events.pipe(reconnectOnCode(after(ms)))));
    last().drop();
    base.reconnect();
    expect(seen.map(({ log }) => log.at(-1))).toEqual(['connecting 1', 'connecting 1']);
    expect(server.connections).toHaveLength(2);
    base.unsubscribe();
  });

  it.each([
    ['open', (first: TestConnection) => first.accept(), { code: 1000, reason: '' }],
    ['connecting', () => undefined, null],
  ])('acts once before the next microtask, on a connection that is %s', async (_state, prepare, closedWith) => {
    const { last, server, socket } = setUp();
    const seen = recorded(socket.events);
    const first = last();
    prepare(first);
    socket.reconnect();
    socket.reconnect();
    if (first.state === 'closing') first.answerClose();
    expect([first, server.connections.length]).toMatchObject([{ closedWith, state: 'closed' }, 2]);
    await nextMicrotask();
    socket.reconnect();
    expect(server.connections).toHaveLength(3);
    seen.unsubscribe();
  });

  it('does nothing more to a connection that is being replaced', async () => {
    const { last, server, socket } = setUp();
    const seen = recorded(socket.events);
    last().accept();
    last().ignoreClose();
    socket.reconnect();
    await nextMicrotask();
    socket.reconnect();
    last().close(1000);
    expect([server.connections[0]?.closedWith, server.connections.length]).toEqual([{ code: 1000, reason: '' }, 2]);
    expect(seen.log.slice(2)).toEqual(['reconnecting 0 in 0', 'connecting 0']);
    seen.unsubscribe();
  });

  it('replaces a connection that a bad message is closing, and asks no policy', () => {
    const { last, policy, socket } = setUp({ onInvalid: { code: 4007 } });
    const seen = recorded(socket.events);
    last().accept();
    last().sendText('{');
    socket.reconnect();
    expect(last().closedWith).toEqual({ code: 4007, reason: '' });
    last().close(4007);
    expect([policy.mock.calls, seen.log.at(-1)]).toEqual([[], 'connecting 0']);
    seen.unsubscribe();
  });

  it.each([
    [60_000, 1_000],
    [300, 300],
  ])('S3: gives a server 1 s to answer the Close, or less where closeTimeout (%d ms) is less', (closeTimeout, ms) => {
    const { last, server, socket } = setUp({ closeTimeout });
    const seen = recorded(socket.events);
    last().accept();
    socket.reconnect();
    vi.advanceTimersByTime(ms - 1);
    expect(server.connections).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(server.connections).toHaveLength(2);
    expect(seen.events[2]).toMatchObject({ closeEvent: { code: 1006, wasClean: false, initiator: 'local' } });
    seen.unsubscribe();
  });

  it('S13: keeps the outbox, what is sent meanwhile, and the promises of send()', async () => {
    const { last, server, socket } = setUp();
    const seen = recorded(socket.events);
    socket.next(1);
    const settled = vi.fn();
    socket.send(2).then(settled, settled);
    socket.reconnect();
    await nextMicrotask();
    expect(settled).not.toHaveBeenCalled();
    last().accept();
    await nextMicrotask();
    socket.reconnect();
    socket.next(3);
    last().close(1000);
    last().accept();
    expect(server.connections.map(({ received }) => received)).toEqual([[], [1, 2], [3]]);
    await nextMicrotask();
    expect(settled.mock.calls).toEqual([[undefined]]);
    socket.close();
    last().close(1000);
    expect(seen.log.at(-1)).toBe('complete');
  });

  it('S5: does nothing without a session, while it ends, and after it', () => {
    const { last, server, socket } = setUp();
    socket.reconnect();
    const seen = recorded(socket.events);
    last().accept();
    socket.close(4001);
    socket.reconnect();
    last().close(4001);
    socket.reconnect();
    expect([server.connections.length, last().closedWith, seen.log.slice(2)]).toEqual([1, { code: 4001, reason: '' }, ['close 4001 clean local', 'complete']]);
  });

  it.each(['complete', 'close'] as const)('S5: %s() while the connection is being replaced is final', (end) => {
    const { last, server, socket } = setUp();
    const seen = recorded(socket.events);
    last().accept();
    socket.reconnect();
    socket[end]();
    last().close(1000);
    expect([server.connections.length, seen.log.slice(2)]).toEqual([1, ['close 1000 clean local', 'complete']]);
  });

  it('S8: counts nothing', async () => {
    const { last, policy, socket } = setUp();
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
    last().drop();
    last().drop();
    await reconnect();
    await reconnect();
    last().drop();
    expect(attempts).toEqual([1, 2, 3]);
    expect(seen.log.filter((word) => String(word).startsWith('connecting'))).toEqual([0, 0, 1, 2, 2, 2, 3].map((attempt) => `connecting ${attempt}`));
    seen.unsubscribe();
  });

  it('S17: all subscribers of all subjects receive reconnecting and go on, with or without reconnectOnCode', () => {
    const { server, base, socket } = setUp();
    const seen = [recorded(socket.events), recorded(socket.events), recorded(base.events), recorded(base.pipeEvents(reconnectOnCode()).events)];
    base.reconnect();
    for (const { log } of seen) expect(log).toEqual(['connecting 0', 'reconnecting 0 in 0', 'connecting 0']);
    expect(server.connections).toHaveLength(2);
    base.close();
  });

  it('S10: the status is waiting, then connecting, and never closed', () => {
    const { last, base, statuses } = setUp();
    const seen = recorded(base.events);
    last().accept();
    base.reconnect();
    last().close(1000);
    expect(statuses.map(({ state }) => state)).toEqual(['idle', 'connecting', 'open', 'closing', 'waiting', 'connecting']);
    expect(statuses.at(-2)).toMatchObject({ why: 'delay', until: expect.any(Number) as number });
    seen.unsubscribe();
  });

  it('S11: a late subscriber of a suspended subject receives reconnecting, then the connection', async () => {
    const { server, base } = setUp();
    const signal = new BehaviorSubject(false);
    const seen = recorded(base.pipeEvents(suspendWhile(signal)).events);
    signal.next(true);
    await nextMicrotask();
    base.reconnect();
    expect(server.connections).toHaveLength(1);
    const late = recorded(base.events);
    signal.next(false);
    expect(late.log).toEqual(['reconnecting 0 in Infinity', 'connecting 0']);
    expect(server.connections).toHaveLength(2);
    for (const one of [seen, late]) one.unsubscribe();
  });

  it('while suspended, is remembered by a retry that is not due yet', async () => {
    const { last, server, policy, base, socket } = setUp();
    policy.mockReturnValueOnce(60_000);
    const signal = new BehaviorSubject(false);
    const seen = recorded(socket.pipeEvents(suspendWhile(signal)).events);
    last().drop();
    signal.next(true);
    base.reconnect();
    expect(server.connections).toHaveLength(1);
    signal.next(false);
    expect(server.connections).toHaveLength(2);
    expect(seen.log).toEqual(['connecting 0', 'reconnecting 1 in 60000', 'connecting 1']);
    seen.unsubscribe();
    await nextMicrotask();
  });

  it('from inside an event, acts after all subscribers have received it', () => {
    const { last, server, socket } = setUp();
    const subscription = socket.events.subscribe((event) => {
      if (event.type === 'open' && server.connections.length === 1) socket.reconnect();
    });
    const seen = recorded(socket.events);
    last().accept();
    last().close(1000);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'reconnecting 0 in 0', 'connecting 0']);
    seen.unsubscribe();
    subscription.unsubscribe();
  });

  it('from inside each connecting, makes no endless loop', () => {
    const { server, socket } = setUp();
    const subscription = socket.events.subscribe(({ type }) => type === 'connecting' && socket.reconnect());
    expect(server.connections.length).toBeLessThanOrEqual(2);
    subscription.unsubscribe();
  });

  it('from inside the close that ends the session, does nothing', () => {
    const { last, server, base } = setUp();
    const seen = recorded(base.events);
    base.events.subscribe(({ type }) => type === 'close' && base.reconnect());
    last().accept();
    last().close(4401);
    expect([server.connections.length, seen.log.at(-1)]).toEqual([1, 'complete']);
  });

  it('with a subscriber that waits beside an open connection, replaces that connection and leaves the wait alone', () => {
    const { last, base } = setUp();
    const waiting = recorded(base.events.pipe(reconnectOnCode(after(60_000))));
    const open = recorded(base.events.pipe(reconnectOnCode(after(0))));
    last().drop();
    last().accept();
    base.reconnect();
    last().close(1000);
    expect(open.log.slice(-2)).toEqual(['reconnecting 1 in 0', 'connecting 1']);
    expect(waiting.log).toEqual(['connecting 0', 'reconnecting 1 in 60000']);
    base.unsubscribe();
  });
});

it('S8: the status of a wait has the number of the next connection, also while an older retry of another subscriber waits', () => {
  const { last, base, statuses } = setUp();
  const events = base.events.pipe(reconnectOnCode(after(100)));
  const impatient = recorded(events);
  recorded(events);
  last().drop();
  const reconnecting = impatient.events.at(-1);
  if (reconnecting?.type === 'reconnecting') reconnecting.retryNow();
  last().accept();
  last().close(1012);
  expect(statuses.at(-1)).toMatchObject({ state: 'waiting', attempt: 2, closeEvent: { code: 1012 } });
  base.unsubscribe();
});

it('S10: the status shows the retry that still waits, when a subscriber leaves in the reconnecting of a replacement', () => {
  const { socket, last, statuses } = setUpBase();
  const waiting = recorded(socket.pipeEvents(reconnectOnCode(after(60_000))).events);
  const leaving = socket.pipeEvents(reconnectOnCode(after(0))).events.subscribe(({ type }) => {
    if (type === 'reconnecting' && last().closedWith !== null) leaving.unsubscribe();
  });
  last().drop();
  const until = Date.now() + 60_000;
  last().accept();
  socket.reconnect();
  last().close(1000);
  const status = statuses.at(-1);
  expect(status).toMatchObject({ state: 'waiting', until });
  if (status?.state === 'waiting') status.retryNow();
  expect(waiting.log).toEqual(['connecting 0', 'reconnecting 1 in 60000', 'connecting 1']);
  socket.unsubscribe();
});

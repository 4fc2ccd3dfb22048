import { BehaviorSubject, Subject, switchMap } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, closeGracefully, reconnectOnCode, suspendWhile } from '../../src/index.js';
import type { SocketOperator } from '../../src/index.js';
import type { TestConnection } from '../../src/testing/index.js';
import { recorded } from '../subject/recorded.js';
import { setUp as setUpSocket } from '../subject/setUp.js';
import { setUp, suspended } from './suspended.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

describe('while the signal is true', () => {
  it('an open connection is closed with the code and reason, none is made, and subscribers receive no end', () => {
    const signal = new BehaviorSubject(false);
    const { last, server, derived, statuses } = setUp(suspendWhile(signal, { code: 4000, reason: 'page hidden' }));
    const seen = recorded(derived.events);
    last().accept();
    signal.next(true);
    expect(last().closedWith).toEqual({ code: 4000, reason: 'page hidden' });
    expect(statuses.at(-1)).toMatchObject({ state: 'closing', code: 4000, reason: 'page hidden' });
    last().close(4000, 'page hidden');
    vi.advanceTimersByTime(1e9);
    expect(server.connections).toHaveLength(1);
    expect(seen.log).toEqual(['connecting 0', 'open 0', suspended]);
    expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'suspended', until: null, attempt: 0, closeEvent: { code: 4000, initiator: 'local' } });
    signal.next(false);
    last().accept();
    expect(seen.log.slice(3)).toEqual(['connecting 0', 'open 0']);
    seen.unsubscribe();
  });

  it('S5: an attempt ends before a transport is made, when the signal was true before', () => {
    const signal = new BehaviorSubject(true);
    const { server, asked, derived, states } = setUp(suspendWhile(signal));
    const seen = recorded(derived.events);
    expect([asked, server.connections]).toEqual([[], []]);
    expect(states()).toEqual(['idle', 'connecting', 'waiting suspended']);
    expect(seen.log).toEqual(['connecting 0', suspended]);
    signal.next(false);
    expect(asked).toEqual([0]);
    expect(seen.log.slice(2)).toEqual(['connecting 0']);
    seen.unsubscribe();
  });

  it('an attempt that is under way is given up', () => {
    const signal = new BehaviorSubject(false);
    const { last, derived } = setUp(suspendWhile(signal));
    const seen = recorded(derived.events);
    signal.next(true);
    expect(last().state).toBe('closed');
    expect(seen.log).toEqual(['connecting 0', suspended]);
    seen.unsubscribe();
  });

  it('a retry that becomes due waits for the end of the suspension', () => {
    const signal = new BehaviorSubject(false);
    const { last, server, derived, states } = setUp(reconnectOnCode({ 1012: after(100) }), suspendWhile(signal));
    const seen = recorded(derived.events);
    last().accept();
    last().close(1012);
    signal.next(true);
    expect(states().at(-1)).toBe('waiting suspended');
    vi.advanceTimersByTime(1_000);
    expect(server.connections).toHaveLength(1);
    signal.next(false);
    expect(server.connections).toHaveLength(2);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'reconnecting 1 in 100', 'connecting 1']);
    seen.unsubscribe();
  });

  it('all retries that become due go on after it', () => {
    const signal = new BehaviorSubject(false);
    const { last, server, socket, derived } = setUp(reconnectOnCode(after(100)), suspendWhile(signal));
    const seen = [derived, socket.pipeEvents(reconnectOnCode(after(200)))].map(({ events }) => recorded(events));
    last().drop();
    signal.next(true);
    vi.advanceTimersByTime(200);
    expect(server.connections).toHaveLength(1);
    signal.next(false);
    expect(seen.map(({ log }) => log.at(-1))).toEqual(['connecting 1', 'connecting 1']);
    expect(server.connections).toHaveLength(2);
    socket.close();
  });

  it('a retry that is not due when the suspension ends keeps its time', () => {
    const signal = new BehaviorSubject(false);
    const { last, server, derived, statuses, states } = setUp(reconnectOnCode({ 1006: after(100) }), suspendWhile(signal));
    const seen = recorded(derived.events);
    last().drop();
    const until = Date.now() + 100;
    signal.next(true);
    signal.next(false);
    expect(states().slice(-3)).toEqual(['waiting delay', 'waiting suspended', 'waiting delay']);
    expect(statuses.at(-1)).toMatchObject({ until });
    expect(server.connections).toHaveLength(1);
    vi.advanceTimersByTime(100);
    expect(server.connections).toHaveLength(2);
    seen.unsubscribe();
  });

  it('retryNow() takes effect only afterwards', () => {
    const signal = new BehaviorSubject(false);
    const { server, derived, statuses } = setUp(suspendWhile(signal));
    const seen = recorded(derived.events);
    signal.next(true);
    const status = statuses.at(-1);
    if (status?.state === 'waiting') status.retryNow();
    expect(server.connections).toHaveLength(1);
    signal.next(false);
    expect(server.connections).toHaveLength(2);
    seen.unsubscribe();
  });

  it.each(['before', 'after'])('no policy is asked, and a reconnectOnCode %s it makes no connection', (where) => {
    const signal = new BehaviorSubject(false);
    const policy = vi.fn(() => 0);
    const operators: SocketOperator<number, number>[] = [reconnectOnCode(policy), suspendWhile(signal)];
    const { last, server, derived } = setUp(...(where === 'before' ? operators : operators.reverse()));
    const seen = recorded(derived.events);
    last().accept();
    signal.next(true);
    last().close(1000);
    expect([policy.mock.calls, server.connections.length]).toEqual([[], 1]);
    signal.next(false);
    expect(server.connections).toHaveLength(2);
    seen.unsubscribe();
  });

  it('S13: the outbox is kept, and takes further values', () => {
    const signal = new BehaviorSubject(false);
    const { last, socket, derived } = setUp(suspendWhile(signal));
    const seen = recorded(derived.events);
    derived.next(1);
    signal.next(true);
    derived.next(2);
    signal.next(false);
    derived.next(3);
    last().accept();
    expect(last().received).toEqual([1, 2, 3]);
    socket.close();
    last().close(1000);
    expect(seen.log.at(-1)).toBe('complete');
  });

  it('S18: messages end with the Close', () => {
    const signal = new BehaviorSubject(false);
    const { last, derived } = setUp(suspendWhile(signal));
    const seen = recorded(derived.events);
    last().accept();
    last().send(1);
    signal.next(true);
    last().send(2);
    last().close(1000);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'message 1', suspended]);
    seen.unsubscribe();
  });

  it('S11: a late subscriber receives reconnecting, then the next connection', () => {
    const signal = new BehaviorSubject(false);
    const { socket, derived } = setUp(suspendWhile(signal));
    const seen = recorded(derived.events);
    signal.next(true);
    const [late, base] = [recorded(derived.events), recorded(socket.events)];
    expect([late.log, base.log]).toEqual([[suspended], [suspended]]);
    signal.next(false);
    expect([late.log, base.log]).toEqual([[suspended, 'connecting 0'], [suspended, 'connecting 0']]);
    for (const one of [seen, late, base]) one.unsubscribe();
  });

  it('S3: when the server does not answer the Close, the connection is replaced after closeTimeout', () => {
    const signal = new BehaviorSubject(false);
    const { last, server, derived, statuses } = setUp(suspendWhile(signal));
    const seen = recorded(derived.events);
    last().accept();
    signal.next(true);
    signal.next(false);
    expect(server.connections).toHaveLength(1);
    vi.advanceTimersByTime(500);
    expect(server.connections).toHaveLength(2);
    expect(seen.log.slice(2)).toEqual(['reconnecting 0 in 0', 'connecting 0']);
    expect(statuses.find(({ state }) => state === 'waiting')).toMatchObject({ why: 'delay', closeEvent: { code: 1006, initiator: 'local' } });
    seen.unsubscribe();
  });
});

describe('S5: an end by your code while suspended is final', () => {
  it.each([
    ['close', ['close 4001 enough clean local', 'complete']],
    ['complete', ['close 1000 clean local', 'complete']],
    ['error', ['close 1000 clean local', 'mine']],
    ['closeGracefully', ['close 4001 clean local', 'complete']],
    ['unsubscribe', []],
    ['the last unsubscribe', []],
  ] as const)('%s', (how, told) => {
    const signal = new BehaviorSubject(true);
    const leaving = new Subject<void>();
    const { server, derived, states } = setUp(suspendWhile(signal), closeGracefully(leaving, { code: 4001 }));
    const seen = recorded(derived.events);
    derived.next(7);
    if (how === 'close') derived.close(4001, 'enough');
    else if (how === 'error') derived.error('mine');
    else if (how === 'the last unsubscribe') seen.unsubscribe();
    else if (how === 'closeGracefully') leaving.next();
    else derived[how]();
    signal.next(false);
    vi.advanceTimersByTime(1e9);
    expect(server.connections).toEqual([]);
    expect(states().at(-1)).toBe('closed');
    expect(seen.log.slice(2)).toEqual(told);
  });

  it('S13: a complete() that is under way still makes its connection, and sends what waits', () => {
    const signal = new BehaviorSubject(false);
    const { last, derived } = setUp(suspendWhile(signal, { code: 4000 }));
    const seen = recorded(derived.events);
    derived.next(1);
    derived.complete();
    signal.next(true);
    last().accept();
    expect([last().received, last().closedWith]).toEqual([[1], { code: 1000, reason: '' }]);
    last().close(1000);
    expect(seen.log.at(-1)).toBe('complete');
  });

  it('also while the Close of the suspension is not answered yet', () => {
    const signal = new BehaviorSubject(false);
    const { last, server, derived } = setUp(suspendWhile(signal, { code: 4000 }));
    const seen = recorded(derived.events);
    last().accept();
    signal.next(true);
    derived.close(4001);
    last().close(4000);
    signal.next(false);
    expect(seen.log.slice(2)).toEqual(['close 4000 clean local', 'complete']);
    expect(server.connections).toHaveLength(1);
  });
});

describe('unsubscribing', () => {
  it.each([
    ['while the connection is closed', (last: TestConnection) => last.close(1000)],
    ['before the connection was open', () => undefined],
  ])('S9: unsubscribe() of the subject %s for the suspension: a new subscriber then gets a connection', (when, close) => {
    const signal = new BehaviorSubject(false);
    const { last, server, socket, derived, states } = setUp(reconnectOnCode(after(0)), suspendWhile(signal));
    recorded(derived.events);
    if (!when.startsWith('before')) last().accept();
    signal.next(true);
    close(last());
    socket.unsubscribe();
    expect(states().slice(-2)).toEqual(['waiting suspended', 'closed']);
    expect(signal.observed).toBe(false);
    const seen = recorded(socket.events);
    last().accept();
    expect([server.connections.length, seen.log]).toEqual([2, ['connecting 0', 'open 0']]);
    seen.unsubscribe();
  });
});

it('S9: stops with a subscriber that went to another socket and back', () => {
  const signal = new BehaviorSubject(false);
  const [a, b] = [setUpSocket(), setUpSocket()];
  for (const { socket, last } of [a, b]) {
    recorded(socket.events);
    last().accept();
  }
  const chosen = new BehaviorSubject(a.socket);
  const seen = recorded(chosen.pipe(switchMap(({ events }) => events), suspendWhile(signal)));
  chosen.next(b.socket);
  chosen.next(a.socket);
  seen.unsubscribe();
  signal.next(true);
  expect(a.last().closedWith).toBeNull();
  for (const { socket, last } of [a, b]) {
    socket.close();
    last().close(1000);
  }
});

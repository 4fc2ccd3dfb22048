import { asyncScheduler, BehaviorSubject, defer, NEVER, observeOn, of, Subject, takeWhile, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, stop, suspendWhile } from '../../src/index.js';
import type { SocketOperator } from '../../src/index.js';
import { recorded } from '../subject/recorded.js';
import { setUp, suspended } from './suspended.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

describe('the signal', () => {
  it('that completes keeps its last value', () => {
    const { server, socket, derived } = setUp(suspendWhile(of(true)));
    const seen = recorded(derived.events);
    vi.advanceTimersByTime(1e9);
    expect([seen.log, server.connections]).toEqual([['connecting 0', suspended], []]);
    socket.close();
    expect(seen.log.at(-1)).toBe('complete');
  });

  it('S16: that errors is reported on warnings, and no longer suspends', () => {
    const signal = new BehaviorSubject(true);
    const { server, derived, warnings } = setUp(suspendWhile(signal));
    const seen = recorded(derived.events);
    signal.error(new Error('broken'));
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'suspendWhile', error: { message: 'broken' } }]);
    expect(server.connections).toHaveLength(1);
    seen.unsubscribe();
  });

  it('S16: that errors at once changes nothing', () => {
    const { server, derived, warnings } = setUp(suspendWhile(throwError(() => 'broken')));
    const seen = recorded(derived.events);
    expect([warnings.length, server.connections.length]).toEqual([1, 1]);
    seen.unsubscribe();
  });

  it('is subscribed once, however many subscribe, and unsubscribed when the session is over', () => {
    let subscribed = 0;
    const signal = new BehaviorSubject(false);
    const counted = defer(() => {
      subscribed++;
      return signal;
    });
    const { last, derived } = setUp(suspendWhile(counted));
    const [one, two] = [recorded(derived.events), recorded(derived.events)];
    last().accept();
    signal.next(true);
    last().close(1000);
    expect([one.log, two.log]).toEqual([['connecting 0', 'open 0', suspended], ['connecting 0', 'open 0', suspended]]);
    derived.close();
    expect([subscribed, signal.observed]).toEqual([1, false]);
  });

  it('applied with `pipe` for two subscribers, makes one Close and one new connection', () => {
    const signal = new BehaviorSubject(false);
    const { server, socket } = setUp();
    const events = socket.events.pipe(suspendWhile(signal));
    const [one, two] = [recorded(events), recorded(events)];
    signal.next(true);
    signal.next(false);
    expect(server.connections).toHaveLength(2);
    expect([one.log, two.log]).toEqual([['connecting 0', suspended, 'connecting 0'], ['connecting 0', suspended, 'connecting 0']]);
    socket.close();
  });

  it('applied with `pipe`, is subscribed once for all subscribers and connections, until the last one unsubscribes, and again for a later one', () => {
    let subscribed = 0;
    const signal = new Subject<boolean>();
    const counted = defer(() => {
      subscribed++;
      return signal;
    });
    const { last, socket } = setUp();
    const base = recorded(socket.pipeEvents(reconnectOnCode(after(1_000))).events);
    const events = socket.events.pipe(suspendWhile(counted), reconnectOnCode(after(0)));
    const [one, two] = [recorded(events), recorded(events)];
    for (let n = 0; n < 3; n++) last().drop();
    expect(subscribed).toBe(1);
    one.unsubscribe();
    expect(signal.observed).toBe(true);
    two.unsubscribe();
    expect(signal.observed).toBe(false);
    const three = recorded(events);
    expect([signal.observed, subscribed]).toEqual([true, 2]);
    for (const record of [three, base]) record.unsubscribe();
  });

  it('S17: of one subject suspends all subjects of the connection: all subscribers wait for it and go on', () => {
    const signal = new BehaviorSubject(false);
    const { last, server, socket, derived } = setUp(suspendWhile(signal));
    const subjects = [derived, socket, socket.pipeEvents(reconnectOnCode({ 1000: stop }))];
    const seen = subjects.map(({ events }) => recorded(events));
    last().accept();
    signal.next(true);
    last().close(1000);
    for (const { log } of seen) expect(log.slice(2)).toEqual([suspended]);
    signal.next(false);
    for (const { log } of seen) expect(log.slice(3)).toEqual(['connecting 0']);
    expect(server.connections).toHaveLength(2);
    socket.close();
  });

  it('of two operators: connects when neither is true', () => {
    const [one, two] = [new BehaviorSubject(false), new BehaviorSubject(false)];
    const { server, socket, derived } = setUp(suspendWhile(one), suspendWhile(two));
    recorded(derived.events);
    one.next(true);
    two.next(true);
    one.next(false);
    expect(server.connections).toHaveLength(1);
    two.next(false);
    expect(server.connections).toHaveLength(2);
    socket.close();
  });

  it('whose subscribers unsubscribe during the suspension lets the others connect', () => {
    const signal = new BehaviorSubject(false);
    const { server, socket, derived } = setUp(suspendWhile(signal));
    const seen = recorded(derived.events);
    signal.next(true);
    const base = recorded(socket.events);
    seen.unsubscribe();
    expect(base.log).toEqual([suspended, 'connecting 0']);
    expect([server.connections.length, signal.observed]).toEqual([2, false]);
    base.unsubscribe();
  });

  it('whose subscriber unsubscribes lets a retry of another subject connect, which does not receive `reconnecting` again (S1)', () => {
    const signal = new BehaviorSubject(false);
    const { last, socket, derived } = setUp(suspendWhile(signal), reconnectOnCode(after(0)));
    const [suspending, waiting] = [recorded(derived.events), recorded(socket.pipeEvents(reconnectOnCode(after(100))).events)];
    last().accept();
    last().close(1012);
    signal.next(true);
    vi.advanceTimersByTime(100);
    suspending.unsubscribe();
    expect(waiting.log.slice(2)).toEqual(['reconnecting 1 in 100', 'connecting 1']);
    expect(suspending.log.slice(2)).toEqual(['reconnecting 1 in 0', 'connecting 1', 'reconnecting 1 in Infinity']);
    waiting.unsubscribe();
  });

  it('that is toggled from inside reconnecting is followed', () => {
    const signal = new BehaviorSubject(false);
    const { last, server, derived } = setUp(suspendWhile(signal));
    const subscription = derived.events.subscribe((event) => event.type === 'reconnecting' && signal.next(false));
    last().accept();
    signal.next(true);
    last().close(1000);
    expect(server.connections).toHaveLength(2);
    subscription.unsubscribe();
  });

  it('S8: does not count as a failure', () => {
    const signal = new BehaviorSubject(false);
    const { derived, asked, socket } = setUp(suspendWhile(signal));
    const seen = recorded(derived.events);
    for (let i = 0; i < 3; i++) {
      signal.next(true);
      signal.next(false);
    }
    expect(seen.events.flatMap((event) => (event.type === 'connecting' ? [event.attempt] : []))).toEqual([0, 0, 0, 0]);
    expect(asked).toHaveLength(4);
    socket.close();
  });

  it('must be an Observable, and its Close one that may be sent', () => {
    expect(() => suspendWhile(true as never)).toThrow('suspendWhile: signal must be an Observable, not true');
    const code: number = 1001;
    expect(() => suspendWhile(NEVER, { code })).toThrow(expect.objectContaining({ name: 'InvalidAccessError' }));
    expect(() => suspendWhile(NEVER, { reason: 'x'.repeat(124) })).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
  });
});

describe('unsubscribing while suspended', () => {
  const orders: [string, (signal: Subject<boolean>) => SocketOperator<number, number>[]][] = [
    ['alone', (signal) => [suspendWhile(signal)]],
    ['after reconnectOnCode', (signal) => [reconnectOnCode(after(0)), suspendWhile(signal)]],
    ['before reconnectOnCode', (signal) => [suspendWhile(signal), reconnectOnCode(after(0))]],
    ['twice', (signal) => [suspendWhile(signal), suspendWhile(signal)]],
  ];

  describe.each(orders)('%s', (_order, operators) => {
    it.each([
      ['by unsubscribing, in the first suspension', 1, false],
      ['by unsubscribing, in the second', 2, false],
      ['by unsubscribe() of the subject, in the first', 1, true],
      ['by unsubscribe() of the subject, in the second', 2, true],
    ])('S9: %s, ends the session, makes no connection and stops listening', (_how, times, ofTheSubject) => {
      const signal = new BehaviorSubject(false);
      const { last, server, derived, socket, asked, statuses } = setUp(...operators(signal));
      const seen = recorded(derived.events);
      for (let n = 1; n <= times; n++) {
        signal.next(false);
        last().accept();
        signal.next(true);
        last().close(1000);
      }
      expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'suspended' });
      const told = seen.log.length;
      if (ofTheSubject) socket.unsubscribe();
      else seen.unsubscribe();
      expect(statuses.at(-1)).toMatchObject({ state: 'closed', attempts: times });
      expect([signal.observed, asked.length, server.connections.length, seen.log.length]).toEqual([false, times, times, told]);
    });
  });
});

describe('a signal that becomes false inside an event that its true has caused', () => {
  it.each(['the status closing', 'the event reconnecting'])('no longer suspends: inside %s', (where) => {
    const signal = new Subject<boolean>();
    const { last, socket, derived } = setUp(reconnectOnCode(), suspendWhile(signal));
    const seen = recorded(derived.events);
    const turn = (now: string): void => {
      if (now === where) signal.next(false);
    };
    socket.status.subscribe(({ state }) => turn(`the status ${state}`));
    derived.events.subscribe(({ type }) => turn(`the event ${type}`));
    if (where === 'the status closing') last().accept();
    signal.next(true);
    if (where === 'the status closing') last().close(1000);
    expect(seen.log.at(-1)).toBe('connecting 0');
    socket.close();
  });

  it('leaves nothing behind when its subscriber unsubscribes there', () => {
    const signal = new BehaviorSubject(true);
    const { last, socket, derived } = setUp(suspendWhile(signal));
    const other = recorded(socket.pipeEvents(reconnectOnCode({ 1000: after(0) })).events);
    derived.events.pipe(takeWhile(({ type }) => type !== 'reconnecting')).subscribe();
    expect(signal.observed).toBe(false);
    last().accept();
    expect(other.log.at(-1)).toMatch(/^open/);
    socket.close();
  });
});

describe('S5: while the signal is true', () => {
  it('a custom operator that delays the close makes no connection, and the signal is still followed', () => {
    const signal = new BehaviorSubject(false);
    const { last, server, socket } = setUp();
    const seen = recorded(socket.pipeEvents(observeOn(asyncScheduler), suspendWhile(signal)).events);
    last().accept();
    vi.advanceTimersByTime(10);
    signal.next(true);
    last().close(1000);
    vi.advanceTimersByTime(100);
    expect([server.connections.length, signal.observed]).toEqual([1, true]);
    signal.next(false);
    vi.advanceTimersByTime(100);
    expect(server.connections).toHaveLength(2);
    seen.unsubscribe();
    vi.advanceTimersByTime(100);
  });

  it('a subscriber that subscribes inside reconnecting receives it too, and then the connection', () => {
    const signal = new Subject<boolean>();
    const { last, server, socket, derived } = setUp(suspendWhile(signal));
    let later: ReturnType<typeof recorded> | undefined;
    socket.events.subscribe(({ type }) => {
      if (type === 'reconnecting') later ??= recorded(socket.events);
    });
    recorded(derived.events);
    last().accept();
    signal.next(true);
    last().close(1000);
    expect([server.connections.length, later?.log]).toEqual([1, [suspended]]);
    signal.next(false);
    expect([server.connections.length, later?.log.at(-1)]).toEqual([2, 'connecting 0']);
    socket.close();
  });

  it('a stream that has ended no longer suspends the others', () => {
    const signal = new BehaviorSubject(false);
    const { last, socket } = setUp();
    recorded(socket.pipeEvents(reconnectOnCode(stop), suspendWhile(signal)).events);
    const other = recorded(socket.pipeEvents(reconnectOnCode(after(10))).events);
    last().accept();
    last().drop();
    vi.advanceTimersByTime(20);
    last().accept();
    signal.next(true);
    expect(last().closedWith).toBeNull();
    expect(other.log.at(-1)).toBe('open 1');
    socket.close();
  });

  it('S15: reconnect() is remembered once', () => {
    const { server, socket, derived, statuses } = setUp(reconnectOnCode(), suspendWhile(of(true)));
    const seen = recorded(derived.events);
    for (let i = 0; i < 1_000; i++) socket.reconnect();
    expect([server.connections.length, statuses.at(-1)]).toMatchObject([0, { state: 'waiting', why: 'suspended', until: null }]);
    seen.unsubscribe();
  });
});

import { concatMap, defer, delay, map, of, timer, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, CloseEvent, messages, reconnectOnCode, stop, WebSocketCloseError } from '../../src/index.js';
import type { CodeTable, ReconnectAttempt, ReconnectPolicy, SocketEvent, SocketOperator } from '../../src/index.js';
import { SocketMessage } from '../../src/session/events.js';
import { recorded } from '../subject/recorded.js';
import { setUp as setUpSocket } from '../subject/setUp.js';

describe('in virtual time', () => {
  const values = {
    m: new SocketMessage('m'),
    X: new CloseEvent('close', { code: 1012, wasClean: true }),
    S: new CloseEvent('close', { code: 4401, wasClean: true }),
    Y: new CloseEvent('close', { code: 1006 }),
  };
  const letter = map((event: SocketEvent<unknown>) => {
    if (event.type === 'message') return 'm';
    return event.type === 'reconnecting' ? 'r' : Object.entries(values).find(([, value]) => value === event)?.[0];
  });

  /** One stream of events for each connection, and what the operator makes of them with a policy. */
  const play = (connections: readonly string[], policy: ReconnectPolicy | CodeTable, expected: string, subscriptions: readonly string[], error?: unknown): void => {
    new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted)).run(({ cold, expectObservable, expectSubscriptions }) => {
      const made = connections.map((marbles) => cold(marbles, values as never, error)) as unknown as (Observable<SocketEvent<unknown>> & { subscriptions: never[] })[];
      let next = 0;
      const events = defer(() => made[next++] ?? cold<SocketEvent<unknown>>('-'));
      expectObservable(events.pipe(reconnectOnCode(policy), letter)).toBe(expected, undefined, error);
      subscriptions.forEach((marbles, i) => expectSubscriptions(made[i]!.subscriptions).toBe(marbles));
    });
  };

  it('S6: a close that the policy declines goes through with its terminal, in the same task', () => {
    play(['mm(S|)'], stop, 'mm(S|)', ['^-!']);
  });

  it('S6: an unclean close that the policy declines goes through with the same error object', () => {
    play(['mm(Y#)'], stop, 'mm(Y#)', ['^-!'], new WebSocketCloseError(values.Y));
  });

  it('waits as long as the policy says after a clean close, then subscribes again', () => {
    play(['m(X|)', 'm-(S|)'], { 1012: after(3), 4401: stop }, 'mr--m-(S|)', ['^!', '----^-!']);
  });

  it('acts on an unclean close too', () => {
    play(['m(Y#)', 'm(S|)'], { 1006: after(2) }, 'mr-m(S|)', ['^!', '---^!']);
  });

  it('a delay of 0 connects in the same task', () => {
    play(['m(X|)', '-m(S|)'], { 1012: after(0) }, 'mrm(S|)', ['^!', '-^-!']);
  });
});

describe('on a subject', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const setUp = (operator: SocketOperator<unknown, unknown>) => {
    const all = setUpSocket<unknown>({ stableAfter: 1_000 });
    return { ...all, derived: all.socket.pipeEvents(operator) };
  };

  it('S8: keeps counting retries until a connection was stable, and gives the policy the facts to decide on', () => {
    const asked: Omit<ReconnectAttempt, 'closeEvent' | 'random'>[] = [];
    const { last, derived, socket } = setUp(
      reconnectOnCode(({ closeEvent, random: _ofTheServer, ...facts }) => {
        expect(closeEvent.code).toBe(1012);
        asked.push(facts);
        return 10 * asked.length;
      }),
    );
    const seen = recorded(derived.events);
    const live = (ms: number): void => {
      last().accept();
      vi.advanceTimersByTime(ms);
      last().close(1012);
      vi.advanceTimersByTime(1_000);
    };
    live(0);
    live(999);
    live(1_000);
    live(5);
    expect(asked).toEqual([
      { attempt: 1, repeats: 1, elapsed: 0, uptime: 0, previousDelay: null },
      { attempt: 2, repeats: 2, elapsed: 1_999, uptime: 999, previousDelay: 10 },
      { attempt: 1, repeats: 3, elapsed: 0, uptime: 1_000, previousDelay: null },
      { attempt: 2, repeats: 4, elapsed: 1_005, uptime: 5, previousDelay: 30 },
    ]);
    expect(seen.events.flatMap((event) => (event.type === 'connecting' ? [event.attempt] : []))).toEqual([0, 1, 2, 1, 2]);
    socket.close();
  });

  it.each([
    ['throws', () => { throw new Error('broken'); }], // prettier-ignore
    ['gives NaN', () => NaN],
    ['gives a negative number', () => -1],
    ['gives a string', () => '10' as never],
    ['gives nothing', () => undefined as never],
    ['gives a promise, which rejects', () => Promise.reject(new Error('broken')) as never],
  ])('S16: a policy that %s is reported on warnings, and the end goes through', (what, policy: ReconnectPolicy) => {
    const { last, derived, warnings } = setUp(reconnectOnCode(policy));
    const seen = recorded(derived.events);
    last().accept();
    last().close(1012);
    expect(seen.log.slice(2)).toEqual(['close 1012 clean remote', 'complete']);
    const message = what === 'throws' ? 'broken' : expect.stringContaining('a policy must return milliseconds, 0 or more, or null, not ') as string;
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'policy', error: { message } }]);
  });

  it('S10: asks a policy behind another one that stops, before any subscriber receives the close, and none behind one that retries', () => {
    const { last, socket, statuses } = setUp((events) => events);
    const second = vi.fn(() => 2_000);
    const states: unknown[] = [];
    socket.events.subscribe(({ type }) => type === 'close' && states.push(statuses.at(-1)));
    const seen = recorded(socket.pipeEvents(reconnectOnCode({ 1012: after(1_000), 4401: stop }), reconnectOnCode(second)).events);
    last().accept();
    last().close(1012);
    vi.advanceTimersByTime(1_000);
    expect(second).not.toHaveBeenCalled();
    socket.events.subscribe(({ type }) => type === 'close' && states.push(statuses.at(-1)));
    last().accept();
    last().close(4401);
    expect(states).toMatchObject([{ state: 'waiting', why: 'delay' }, { state: 'waiting', why: 'delay' }]);
    expect(seen.log.slice(2)).toEqual(['reconnecting 1 in 1000', 'connecting 1', 'open 1', 'reconnecting 2 in 2000']);
    seen.unsubscribe();
  });

  it('S5: behind a custom operator, a policy that ends the session reconnects nothing, whatever it returns', () => {
    const { last, socket } = setUp((events) => events);
    const seen = recorded(socket.pipeEvents(map((event) => event), reconnectOnCode(() => { socket.close(4000); return 1_000; })).events); // prettier-ignore
    last().accept();
    last().close(1012);
    expect(seen.log.slice(2)).toEqual(['close 1012 clean remote', 'complete']);
  });

  it('S10: behind a custom operator that delays the close, retryNow() inside reconnecting connects once all subscribers have received that', () => {
    const { last, socket } = setUp((events) => events);
    const waiting = recorded(socket.pipeEvents(reconnectOnCode(after(60_000))).events);
    const late = concatMap((event: SocketEvent<unknown>) => (event.type === 'close' ? timer(10).pipe(map(() => event)) : of(event)));
    const subject = socket.pipeEvents(late, reconnectOnCode(after(1_000)));
    subject.events.subscribe((event) => event.type === 'reconnecting' && event.retryNow());
    const second = recorded(subject.events);
    last().accept();
    last().close(1012);
    vi.advanceTimersByTime(10);
    expect(second.log.slice(2)).toEqual(['reconnecting 1 in 1000', 'connecting 1']);
    waiting.unsubscribe();
    socket.close();
  });

  it('never waits longer than timers can: 2^31−1 ms', () => {
    const { last, derived } = setUp(reconnectOnCode(() => Infinity));
    const seen = recorded(derived.events);
    last().drop();
    expect(seen.log.at(-1)).toBe('reconnecting 1 in 2147483647');
    seen.unsubscribe();
  });

  it('S17: at a 1012 the base completes, and the subject with reconnectOnCode goes on', () => {
    const { last, derived, socket } = setUp(reconnectOnCode(after(0)));
    const base = recorded(socket.events);
    const seen = recorded(derived.events);
    last().accept();
    last().close(1012);
    last().accept();
    last().send('again');
    expect(base.log.slice(2)).toEqual(['close 1012 clean remote', 'complete']);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'reconnecting 1 in 0', 'connecting 1', 'open 1', 'message "again"']);
    socket.close();
  });

  it('S17: two subjects that reconnect share each connection', () => {
    const { last, server, derived, socket } = setUp(reconnectOnCode(after(10)));
    const later = socket.pipeEvents(reconnectOnCode(after(20)));
    const [first, second] = [recorded(derived.events), recorded(later.events)];
    last().drop();
    vi.advanceTimersByTime(10);
    last().accept();
    vi.advanceTimersByTime(10);
    expect(server.connections).toHaveLength(2);
    expect(first.log.slice(-2)).toEqual(['connecting 1', 'open 1']);
    expect(second.log.slice(-2)).toEqual(['reconnecting 1 in 20', 'open 1']);
    socket.close(4000);
    last().close(4000);
    expect([first.log.at(-1), second.log.at(-1)]).toEqual(['complete', 'complete']);
  });

  it('works behind a custom operator, and its wait still ends with close()', () => {
    const { last, socket } = setUp((events) => events);
    const derived = socket.pipeEvents(map((event) => event), reconnectOnCode(after(1_000)), map((event) => event)); // prettier-ignore
    const seen = recorded(derived.events);
    last().accept();
    last().send(1);
    last().drop();
    socket.close(4000);
    expect(seen.log.slice(1)).toEqual(['open 0', 'message 1', 'reconnecting 1 in 1000', 'close 4000 clean local', 'complete']);
  });

  it('S5: behind a custom operator that delays the close, begins a new session; unsubscribing cancels that', () => {
    const { last, server, socket } = setUp((events) => events);
    const subject = socket.pipeEvents(delay(10), reconnectOnCode(after(1_000)));
    const seen = recorded(subject.events);
    last().accept();
    last().close(1012);
    vi.advanceTimersByTime(1_010);
    expect(server.connections).toHaveLength(2);
    vi.advanceTimersByTime(10);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'reconnecting 1 in 1000', 'connecting 0']);
    last().accept();
    last().close(1012);
    vi.advanceTimersByTime(20);
    expect(seen.log.at(-1)).toBe('reconnecting 2 in 1000');
    seen.unsubscribe();
    vi.advanceTimersByTime(10_000);
    expect(server.connections).toHaveLength(2);
  });

  it('does not retain anything of connections that are gone', () => {
    const { last, derived, socket } = setUp(reconnectOnCode(after(0)));
    const subscriber = derived.pipe(map((value) => value)).subscribe();
    for (let i = 0; i < 100; i++) last().drop();
    const held = (subscriber as unknown as { _finalizers?: unknown[]; _teardowns?: unknown[] })._finalizers ?? [];
    expect(held.length).toBeLessThan(10);
    socket.close();
  });

  it('refuses a stream that is not of socket events, and names `events`', () => {
    const { socket, last } = setUp((events) => events);
    const misused = (socket as unknown as Observable<SocketEvent<unknown>>).pipe(reconnectOnCode(), messages());
    const seen: unknown[] = [];
    misused.subscribe({ error: (error: unknown) => seen.push(error) });
    last().accept();
    last().send({ type: 'close' });
    expect(seen).toEqual([expect.objectContaining({ name: 'TypeError', message: expect.stringMatching(/\bevents\b/) as string })]);
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
  });
});

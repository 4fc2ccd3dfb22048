import { map, switchMap, timer } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { errorOnCode, reconnectOnCode, type WebSocketSubject, type WebSocketSubjectConfig } from '../../src/index.js';
import { recorded } from './recorded.js';
import { setUp, setUpFake } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

type Subscribe = (socket: WebSocketSubject<number>, name: string) => void;

/** A subject whose subscribers, and `closeObserver`, log the status that they find in a close. */
function observed(policy: () => number | null, config: Partial<WebSocketSubjectConfig<number>> = {}) {
  const log: string[] = [];
  const state = (): string | undefined => all.statuses.at(-1)?.state;
  const all = setUp({ closeObserver: { next: () => log.push(`closeObserver: ${state()}`) }, ...config });
  const decide = vi.fn(() => {
    log.push('policy');
    return policy();
  });
  const derived = all.socket.pipeEvents(reconnectOnCode(decide));
  const subscribe: Subscribe = (subject, name) => {
    subject.events.subscribe({
      next: ({ type }) => {
        if (type === 'close' || type === 'reconnecting') log.push(`${name}, ${type}: ${state()}`);
      },
      error: () => undefined,
    });
  };
  return { ...all, derived, log, decide, subscribe };
}

const orders = ['the base is subscribed first', 'the derived subject is subscribed first'] as const;

it('S10: the status is `closed` in the close for a subscriber that came inside a synchronous event behind a custom operator, and is alone', () => {
  const { socket, last, statuses } = setUp();
  const states: unknown[] = [];
  const plain = (): unknown => socket.events.subscribe(({ type }) => type === 'close' && states.push(statuses.at(-1)?.state));
  const behind = socket.events.pipe(map((event) => event), reconnectOnCode(() => 1_000)).subscribe(({ type }) => type === 'connecting' && plain());
  behind.unsubscribe();
  last().accept();
  last().close(1012);
  expect(states).toEqual(['closed']);
});

it('S10: the status is `closed` in the close for a subscriber that came after a custom operator that has not subscribed yet', () => {
  const { socket, last, statuses } = setUp();
  socket.pipeEvents((events) => timer(50).pipe(switchMap(() => events)), reconnectOnCode(() => null)).subscribe();
  const states: unknown[] = [];
  socket.events.subscribe(({ type }) => type === 'close' && states.push(statuses.at(-1)?.state));
  last().accept();
  last().close(1012);
  expect(states).toEqual(['closed']);
  vi.advanceTimersByTime(50);
  socket.close();
});

describe.each(orders)('operators decide before a close is delivered; %s', (order) => {
  const subscribed = (policy: () => number | null, operators = 1) => {
    const all = observed(policy);
    const subscribeBase = (): void => all.subscribe(all.socket, 'base');
    if (order === 'the base is subscribed first') subscribeBase();
    all.subscribe(all.derived, 'derived');
    if (operators > 1) all.subscribe(all.socket.pipeEvents(reconnectOnCode(all.decide), errorOnCode([4401])), 'third');
    if (order !== 'the base is subscribed first') subscribeBase();
    all.last().accept();
    return all;
  };
  const sorted = (log: string[]): unknown[] => [log[0], log.slice(1).sort()];

  it('S10: the status is `waiting` in the close, if a policy reconnects', () => {
    const { socket, last, log } = subscribed(() => 1_000);
    last().close(1012);
    expect(sorted(log)).toEqual(['policy', ['base, close: waiting', 'closeObserver: waiting', 'derived, reconnecting: waiting']]);
    socket.close();
  });

  it('S10: the status is `closed` in the close, if no policy reconnects', () => {
    const { last, log } = subscribed(() => null);
    last().close(1012);
    expect(sorted(log)).toEqual(['policy', ['base, close: closed', 'closeObserver: closed', 'derived, close: closed']]);
  });

  it('S10: every policy is asked first, also when another one has decided already', () => {
    const { socket, last, log } = subscribed(() => 1_000, 2);
    last().drop();
    expect(log.slice(0, 2)).toEqual(['policy', 'policy']);
    expect(log.slice(2).sort()).toEqual(['base, close: waiting', 'closeObserver: waiting', 'derived, reconnecting: waiting', 'third, reconnecting: waiting']);
    socket.close();
  });

  it('S10: the status is `closed` in the close of an end by your code, and no policy is asked', () => {
    const { socket, last, log, decide } = subscribed(() => 1_000);
    socket.close(4000);
    last().close(4000);
    expect([log.sort(), decide.mock.calls]).toEqual([['base, close: closed', 'closeObserver: closed', 'derived, close: closed'], []]);
  });
});

describe('operators decide before a close is delivered', () => {
  it('S10: also when an operator is applied by pipe() to the events', () => {
    const { socket, last, log, decide, subscribe } = observed(() => 1_000);
    subscribe(socket, 'base');
    const seen = recorded(socket.events.pipe(reconnectOnCode(decide)));
    last().accept();
    last().drop();
    expect(log).toEqual(['policy', 'base, close: waiting', 'closeObserver: waiting']);
    expect(seen.log.at(-1)).toBe('reconnecting 1 in 1000');
    socket.close();
  });

  it('S10: the status is `closed` before the error of a constructor that refuses is delivered', () => {
    const { socket, statuses } = setUp({
      WebSocketCtor: class {
        constructor() {
          throw new SyntaxError('never');
        }
      } as never,
    });
    const states: unknown[] = [];
    socket.subscribe({ error: () => states.push(statuses.at(-1)?.state) });
    expect(states).toEqual(['closed']);
  });

  it('S10: behind a custom operator they decide when the close reaches them, and the status changes then', () => {
    const { socket, last, log, decide, statuses, subscribe } = observed(() => null);
    subscribe(socket, 'base');
    recorded(socket.pipeEvents((events) => events.pipe(map((event) => event)), reconnectOnCode(decide)).events);
    last().accept();
    last().drop();
    expect(log).toEqual(['base, close: open', 'policy', 'closeObserver: open']);
    expect(statuses.map(({ state }) => state)).toEqual(['idle', 'connecting', 'open', 'closed']);
  });

  it('S10: behind a custom operator that passes the close on at once the status never passes through closed', () => {
    const { socket, last, decide, statuses } = observed(() => 0);
    recorded(socket.pipeEvents((events) => events.pipe(map((event) => event)), reconnectOnCode(decide)).events);
    last().accept();
    last().drop();
    last().accept();
    expect(statuses.map(({ state }) => state)).toEqual(['idle', 'connecting', 'open', 'waiting', 'connecting', 'open']);
    socket.close();
  });

  it('S7: a subscription made inside a close that a custom operator may still turn into a retry gets the next connection', () => {
    const { socket, sockets } = setUpFake();
    const again: ReturnType<typeof recorded>[] = [];
    recorded(socket.pipeEvents((events) => events.pipe(map((event) => event))).events);
    socket.events.subscribe(({ type }) => type === 'close' && again.push(recorded(socket.events)));
    sockets.last.open();
    sockets.last.closeClean(1012);
    sockets.last.open();
    sockets.last.message(1);
    expect([again[0]?.log.at(-1), sockets.made.length]).toEqual(['message 1', 2]);
    socket.unsubscribe();
    sockets.last.closeClean(1000);
  });

  it('S7: a subscription made inside a final close begins a new session, whose attempt is 0', () => {
    const { socket, last } = setUp();
    const again: ReturnType<typeof recorded>[] = [];
    socket.events.subscribe(({ type }) => type === 'close' && again.push(recorded(socket.events)));
    last().accept();
    last().close(1012);
    last().accept();
    expect(again.map(({ log }) => log)).toEqual([['connecting 0', 'open 0']]);
    socket.close();
  });
});

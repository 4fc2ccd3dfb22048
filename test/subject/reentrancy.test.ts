import { delay, finalize, first, firstValueFrom, map, retry, Subject, takeWhile } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, closeGracefully, ping, reconnectOnCode, type SocketStatus } from '../../src/index.js';
import { recorded } from './recorded.js';
import { alive, lastClose, setUp, setUpFake } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('from inside an event', () => {
  it('S7: unsubscribing in `connecting` makes no transport, and the next subscriber connects', () => {
    const { socket, last, server } = setUp();
    socket.events.pipe(first()).subscribe();
    expect(server.connections).toEqual([]);
    const seen = recorded(socket.events);
    last().accept();
    expect(seen.log).toEqual(['connecting 0', 'open 0']);
  });

  it.each(['close', 'unsubscribe'] as const)('S7: %s() in `connecting` ends the attempt, and the next subscriber connects', (how) => {
    const { socket, last, server } = setUp();
    const inside = socket.events.subscribe((event) => event.type === 'connecting' && !inside?.closed && socket[how]()) as { closed: boolean } | undefined;
    const seen = recorded(socket.events);
    last().accept();
    expect(seen.log).toEqual(['connecting 0', 'open 0']);
    expect(server.connections).toHaveLength(1);
  });

  it.each(['close', 'complete', 'unsubscribe'] as const)('S7: %s() in the `connecting` of a session that waits for an earlier one: the session after it waits, too', (how) => {
    const { socket, last, server } = setUp();
    recorded(socket.events);
    socket.next(1);
    // The attempt of the first session goes on, until its outbox is sent.
    socket.complete();
    const third: ReturnType<typeof recorded>[] = [];
    socket.events.subscribe(({ type }) => {
      if (type !== 'connecting' || third.length > 0) return;
      socket[how]();
      third.push(recorded(socket.events));
    });
    expect(server.connections).toHaveLength(1);
    last().accept();
    expect([server.connections.map(({ received }) => received), server.connections.map(({ closedWith }) => closedWith)]).toEqual([[[1], []], [{ code: 1000, reason: '' }, null]]);
    last().accept();
    expect(third[0]?.log).toEqual(['connecting 0', 'open 0']);
  });

  it('S9: unsubscribing in the `connecting` of a retry without delay leaves no connection open', () => {
    const { socket, last, server } = setUp();
    const strikes = takeWhile((event: { type: string; attempt?: number }) => !(event.type === 'connecting' && event.attempt === 1));
    socket.events.pipe(reconnectOnCode(after(0)), strikes as never).subscribe();
    last().accept();
    last().drop();
    expect(socket.observed).toBe(false);
    expect(alive(server)).toEqual([]);
  });

  it('S9: subscribing and unsubscribing inside a close leaves no connection open', () => {
    const { socket, last, server, statuses } = setUp();
    socket.events.subscribe((event) => {
      if (event.type === 'close') void firstValueFrom(socket.events);
    });
    last().accept();
    last().close(1012);
    expect(alive(server)).toEqual([]);
    expect(statuses.at(-1)?.state).toBe('closed');
  });

  it('S1: every subscriber receives a message before the end that another subscriber causes in it', () => {
    const { socket, last } = setUp();
    let abort = (): void => undefined;
    socket.events.subscribe({
      next: (event) => {
        if (event.type === 'open') abort = () => event.abort();
        if (event.type === 'message') abort();
      },
      error: () => undefined,
    });
    const second = recorded(socket.events);
    last().accept();
    last().send(1);
    expect(second.log).toEqual(['connecting 0', 'open 0', 'message 1', 'close 1006 unclean transport', 'WebSocketCloseError']);
  });

  it('S1: every subscriber receives `open` before the end that another subscriber causes in it, also if that one subscribes once more', () => {
    const { socket, last } = setUp();
    const again: ReturnType<typeof recorded>[] = [];
    socket.events.subscribe({
      next: (event) => {
        if (event.type !== 'open') return;
        event.abort();
        again.push(recorded(socket.events));
      },
      error: () => undefined,
    });
    const second = recorded(socket.events);
    last().accept();
    const end = ['open 0', 'close 1006 unclean transport', 'WebSocketCloseError'];
    expect([second.log, again[0]?.log]).toEqual([['connecting 0', ...end], end]);
  });

  it('S1: every subscriber receives `reconnecting` before the connection that another subscriber causes in it', () => {
    const { socket, last } = setUp();
    const derived = socket.pipeEvents(reconnectOnCode(after(1_000)));
    derived.events.subscribe((event) => event.type === 'reconnecting' && event.retryNow());
    const second = recorded(derived.events);
    last().accept();
    last().close(1012);
    const late = recorded(derived.events);
    expect(second.log).toEqual(['connecting 0', 'open 0', 'reconnecting 1 in 1000', 'connecting 1']);
    expect(late.log).toEqual(['connecting 1']);
  });

  it('a connection that is aborted while it is made ends in a later task, so that a policy without delay cannot block the event loop', () => {
    const { socket, server } = setUp();
    let rounds = 0;
    const subscription = socket.pipeEvents(reconnectOnCode(after(0))).events.subscribe((event) => {
      if (event.type !== 'connecting') return;
      rounds++;
      event.abort();
    });
    expect(rounds).toBe(1);
    vi.advanceTimersToNextTimer();
    expect(rounds).toBe(2);
    subscription.unsubscribe();
    expect([server.connections, vi.getTimerCount()]).toEqual([[], 0]);
  });
});

describe('from inside a status', () => {
  it('S4: close() while closing changes nothing', () => {
    const { socket, last } = setUp();
    socket.status.subscribe(({ state }) => state === 'closing' && socket.close(4001, 'second'));
    recorded(socket.events);
    last().accept();
    socket.close(4000, 'first');
    expect(last().closedWith).toEqual({ code: 4000, reason: 'first' });
  });

  it('S10: every subscriber has the newest status last', () => {
    const { socket, last } = setUp();
    socket.status.subscribe(({ state }) => state === 'open' && socket.close());
    const late: SocketStatus[] = [];
    socket.status.subscribe((status) => late.push(status));
    recorded(socket.events);
    last().accept();
    expect(late.map(({ state }) => state)).toEqual(['idle', 'connecting', 'open', 'closing']);
  });

  it('S1: retryNow() of a waiting status connects after `reconnecting` was delivered', () => {
    const { socket, last } = setUp();
    socket.status.subscribe((status) => status.state === 'waiting' && status.retryNow());
    const seen = recorded(socket.pipeEvents(reconnectOnCode(after(1_000))).events);
    last().drop();
    expect(seen.log).toEqual(['connecting 0', 'reconnecting 1 in 1000', 'connecting 1']);
  });
});

describe('from inside a callback', () => {
  it('S5: close() in a policy is final', () => {
    const closeObserver = { next: vi.fn() };
    const { socket, last, server } = setUp({ closeObserver });
    const policy = (): number => {
      socket.close(4000);
      return 5;
    };
    const seen = recorded(socket.pipeEvents(reconnectOnCode(policy)).events);
    last().accept();
    last().close(1012);
    vi.advanceTimersByTime(1_000);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'close 1012 clean remote', 'complete']);
    expect([server.connections.length, closeObserver.next.mock.calls]).toMatchObject([1, [[{ code: 1012 }]]]);
  });

  it.each(['close', 'complete'] as const)('S1: %s() in a policy ends a subscriber that another policy has just given a retry, with one close', (how) => {
    const { socket, last, server } = setUp();
    const first = recorded(socket.pipeEvents(reconnectOnCode(after(100))).events);
    const end = (): null => {
      socket[how]();
      return null;
    };
    recorded(socket.pipeEvents(reconnectOnCode(end)).events);
    last().drop();
    expect(first.log).toEqual(['connecting 0', 'close 1006 unclean transport', 'WebSocketCloseError']);
    expect(server.connections).toHaveLength(1);
  });

  it('S9: unsubscribe() in a policy leaves no pending retry', () => {
    const { socket, last, statuses } = setUp();
    const policy = (): number => {
      seen.unsubscribe();
      return 5;
    };
    const seen = recorded(socket.pipeEvents(reconnectOnCode(policy)).events);
    last().accept();
    last().close(1012);
    expect([statuses.at(-1)?.state, vi.getTimerCount()]).toEqual(['closed', 0]);
    expect(recorded(socket.events).log).toEqual(['connecting 0']);
  });

  it('S16: close() in closeObserver delivers no second close', () => {
    const received: number[] = [];
    const { socket, last, statuses } = setUp({
      closeObserver: {
        next: ({ code }) => {
          received.push(code);
          socket.close(4000);
        },
      },
    });
    const seen = recorded(socket.events);
    last().accept();
    last().close(1012);
    expect(received).toEqual([1012]);
    expect(seen.log.slice(2)).toEqual(['close 1012 clean remote', 'complete']);
    expect(statuses.at(-1)).toMatchObject({ state: 'closed', closeEvent: { code: 1012 } });
  });

  it('S11: a subscriber in closeObserver gets a connection of its own, not the one that is gone', () => {
    const again: ReturnType<typeof recorded>[] = [];
    const { socket, last } = setUp({
      closeObserver: {
        next: () => {
          if (again.length === 0) again.push(recorded(socket.events));
        },
      },
    });
    recorded(socket.events);
    last().accept();
    last().close(1012);
    last().accept();
    expect(again[0]?.log).toEqual(['connecting 0', 'open 0']);
  });

  it('S13: close() from inside `until` keeps account of a value that is stuck', () => {
    const { socket, last } = setUp();
    const when = new Subject<void>();
    const until = new Subject<void>();
    const seen = recorded(socket.pipeEvents(closeGracefully(when, { until })).events);
    until.subscribe(() => socket.close(4000));
    socket.next(1);
    when.next();
    until.next();
    expect(lastClose(seen)).toMatchObject({ code: 4000, unsent: [1] });
    expect(last().received).toEqual([]);
  });
});

describe('from inside on() of a transport', () => {
  it('S16: ping() rejects with an InvalidStateError when the connection is aborted before the ping is sent', async () => {
    const { socket, sockets } = setUpFake();
    const seen = recorded(socket.events);
    const sendPing = vi.fn();
    sockets.last.open();
    const [, open] = seen.events;
    if (open?.type !== 'open') throw new Error('it is not open');
    Object.assign(sockets.last, { on: () => open.abort(), ping: sendPing });
    const rejected = vi.fn();
    ping(open).catch(rejected);
    await vi.advanceTimersByTimeAsync(0);
    expect([rejected.mock.calls, sendPing.mock.calls]).toMatchObject([[[{ name: 'InvalidStateError' }]], []]);
  });
});

describe('between subjects', () => {
  it('S5: close() also ends the wait of a subject while another one is still closing', () => {
    const { socket, last, server } = setUp();
    recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
    const waiting = recorded(socket.pipeEvents(reconnectOnCode(after(30))).events);
    last().accept();
    last().drop();
    last().accept();
    socket.close(4000);
    vi.advanceTimersByTime(60);
    const reconnecting = waiting.events.at(-1);
    if (reconnecting?.type === 'reconnecting') reconnecting.retryNow();
    expect(server.connections).toHaveLength(2);
    last().close(4000);
    expect(waiting.log.slice(-2)).toEqual(['close 4000 clean local', 'complete']);
  });

  it('S11: a base subscriber that joined a wait is connected when the waiting subscriber unsubscribes', () => {
    const { socket, last, server } = setUp();
    const waiting = recorded(socket.pipeEvents(reconnectOnCode(after(1_000))).events);
    last().drop();
    const joined = recorded(socket.events);
    waiting.unsubscribe();
    expect(joined.log).toEqual(['reconnecting 1 in 1000', 'connecting 1']);
    expect(server.connections).toHaveLength(2);
  });

  it('S10: the status is `waiting` when a connection ends while another subject still waits', () => {
    const { socket, last, statuses } = setUp();
    recorded(socket.pipeEvents(reconnectOnCode({ 1012: after(0) })).events);
    recorded(socket.pipeEvents(reconnectOnCode(after(3_000))).events);
    last().accept();
    last().close(1012);
    last().accept();
    last().close(1000);
    expect(statuses.at(-1)?.state).toBe('waiting');
  });

  it('S17: operators run once, also when a custom operator goes on after a close', () => {
    const { socket, last, server } = setUp();
    let runs = 0;
    const counted = socket.pipeEvents((events) => {
      runs++;
      return events;
    }, retry());
    recorded(counted.events);
    last().accept();
    last().drop();
    expect(counted.observed).toBe(true);
    recorded(counted.events);
    expect([runs, server.connections.length]).toEqual([1, 2]);
  });

  it('S5: closeGracefully after `retry` watches every session', () => {
    const { socket, last } = setUp();
    const stopping = new AbortController();
    const seen = recorded(socket.events.pipe(retry(), closeGracefully(stopping.signal, { code: 4000 })));
    last().accept();
    last().drop();
    last().accept();
    stopping.abort();
    expect(last().closedWith).toEqual({ code: 4000, reason: '' });
    last().close(4000);
    expect(seen.log.at(-1)).toBe('complete');
  });

  it('S5: close() while a custom operator delays the close is final', () => {
    const { socket, last, server } = setUp();
    recorded(socket.events.pipe(delay(10), reconnectOnCode(after(0))));
    last().accept();
    last().drop();
    socket.close();
    vi.advanceTimersByTime(100);
    expect(server.connections).toHaveLength(1);
  });

  it('unsubscribe() of the subject ends subscriptions whose operators were applied by pipe()', () => {
    const { socket, last } = setUp();
    const byHand = socket.events.pipe(reconnectOnCode()).subscribe();
    last().accept();
    socket.unsubscribe();
    expect([byHand.closed, last().closedWith]).toEqual([true, { code: 1000, reason: '' }]);
  });
});

describe('with many', () => {
  it('20,000 subscribers come and go, and each message reaches the present ones', () => {
    const { socket, last } = setUp();
    let received = 0;
    const subscriptions = Array.from({ length: 20_000 }, () => socket.subscribe(() => received++));
    last().accept();
    last().send(1);
    expect(received).toBe(20_000);
    for (const subscription of subscriptions.slice(1)) subscription.unsubscribe();
    last().send(2);
    expect(received).toBe(20_001);
    expect(last().closedWith).toBeNull();
    subscriptions[0]?.unsubscribe();
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
  });

  it('S15: a multiplexed stream that is retried during an outage leaves nothing in the outbox', () => {
    const { socket, last, server, statuses } = setUp({ outbox: { maxValues: 2 } });
    const asks = socket.multiplex(() => 1, () => 2, () => true).pipe(retry({ delay: 1 })); // prettier-ignore
    const subscription = asks.subscribe();
    for (let i = 0; i < 10; i++) {
      last().drop();
      vi.advanceTimersByTime(1);
    }
    expect(server.connections).toHaveLength(11);
    last().accept();
    expect([last().received, statuses.at(-1)?.queued]).toEqual([[1], 0]);
    subscription.unsubscribe();
    expect(last().received).toEqual([1, 2]);
  });
});

it('S16: what the teardown of a subscriber throws on a message is reported; the others receive the message', () => {
  const { socket, last, warnings } = setUp();
  const thrown = new Error('teardown');
  const throws = (error: Error) => (): never => {
    throw error;
  };
  socket.pipe(map(throws(new Error('map'))), finalize(throws(thrown))).subscribe({ error: () => undefined });
  const received: number[] = [];
  socket.subscribe((message) => received.push(message));
  last().accept();
  last().send(1);
  last().send(2);
  expect(received).toEqual([1, 2]);
  expect(warnings).toMatchObject([{ kind: 'callback', callback: 'finalizer' }]);
  socket.unsubscribe();
});

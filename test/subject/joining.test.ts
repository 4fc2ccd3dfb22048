import { concat, defer, delay, EMPTY, finalize, NEVER, of, switchMap, timer } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, closeGracefully, reconnectOnCode, type WebSocketSubject } from '../../src/index.js';
import { opened } from '../../src/testing/index.js';
import { recorded, type Recorded } from './recorded.js';
import { alive, setUp } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const ignore = (): void => undefined;

it('S7: a subscriber that comes after an end by your code belongs to the next session, also where a custom operator has delayed every event', () => {
  const { socket, last } = setUp();
  const delayed = socket.pipeEvents(delay(5));
  const first = recorded(delayed.events);
  const ending = last();
  ending.accept();
  socket.close();
  const second = recorded(delayed.events);
  ending.close(1000);
  last().accept();
  vi.advanceTimersByTime(5);
  expect(first.log).toEqual(['connecting 0', 'open 0', 'close 1000 clean local', 'complete']);
  expect(second.log).toEqual(['connecting 0', 'open 0']);
  socket.close();
});

it.each([0, 1])('S11: a subscriber that comes inside a message does not receive it: beside %d others', (others) => {
  const { socket, last } = setUp();
  const late: Recorded[] = [];
  socket.subscribe(() => late.push(recorded(socket.events)));
  for (let i = 0; i < others; i++) socket.subscribe();
  last().accept();
  last().send(1);
  expect(late.map(({ log }) => log)).toEqual([['open 0']]);
  socket.close();
});

it('S11: a late subscriber also receives the phase that an operator of yours has made', () => {
  const { socket } = setUp();
  const made = opened<number, number>();
  const derived = socket.pipeEvents(() => concat(of(made), NEVER));
  const seen = [recorded(derived.events), recorded(derived.events)];
  expect(seen.map(({ events }) => events)).toEqual([[made], [made]]);
});

it('S17: operators run once for all who subscribe before a custom operator does, also after an earlier session', () => {
  const { socket, last } = setUp();
  let runs = 0;
  const derived = socket.pipeEvents((events) => defer(() => {
    runs++;
    return timer(5).pipe(switchMap(() => events));
  }));
  recorded(socket.events);
  last().accept();
  socket.close();
  last().close(1000);
  const seen = [recorded(derived.events), recorded(derived.events)];
  vi.advanceTimersByTime(5);
  expect([runs, seen.map(({ log }) => log)]).toEqual([1, [['connecting 0'], ['connecting 0']]]);
  socket.close();
});

describe('joining a wait', () => {
  const stopping = new Map<WebSocketSubject<number>, AbortController>();
  it.each([
    ['close()', (socket: WebSocketSubject<number>) => socket.close(), 'complete'],
    ['complete()', (socket: WebSocketSubject<number>) => socket.complete(), 'complete'],
    ['error()', (socket: WebSocketSubject<number>) => socket.error('given'), 'given'],
    ['closeGracefully', (socket: WebSocketSubject<number>) => stopping.get(socket)?.abort(), 'complete'],
  ])("S5: %s in the `connecting` that ends another subscriber's wait is final for that subscriber and for one that had joined", (_how, end, terminal) => {
    const { socket, last, server } = setUp();
    const controller = new AbortController();
    stopping.set(socket, controller);
    const waiting = recorded(socket.pipeEvents(reconnectOnCode(after(10)), closeGracefully(controller.signal)).events);
    last().drop();
    socket.events.subscribe({ next: (event) => event.type === 'connecting' && end(socket), error: ignore });
    const joined = recorded(socket.events);
    vi.advanceTimersByTime(1_000);
    expect(waiting.log).toEqual(['connecting 0', 'reconnecting 1 in 10', 'close 1000 clean local', terminal]);
    expect(joined.log).toEqual(['reconnecting 1 in 10', 'connecting 1', 'close 1000 clean local', terminal]);
    expect(server.connections).toHaveLength(1);
  });

  it('S1: a wait that ends while a connection is open delivers `open` to all its subscribers before what the first one causes in it', () => {
    const { socket, last } = setUp();
    recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
    const later = socket.pipeEvents(reconnectOnCode(after(30)));
    later.events.subscribe((event) => event.type === 'open' && event.attempt === 1 && event.abort());
    const second = recorded(later.events);
    last().accept();
    last().drop();
    last().accept();
    vi.advanceTimersByTime(30);
    expect(second.log).toEqual(['connecting 0', 'open 0', 'reconnecting 1 in 30', 'open 1', 'reconnecting 2 in 30']);
  });

  it('S11: a late subscriber joins the wait that is due first, which the status shows', () => {
    const { socket, last, statuses } = setUp();
    for (const ms of [5_000, 1_000, 3_000]) recorded(socket.pipeEvents(reconnectOnCode(after(ms))).events);
    last().drop();
    expect([recorded(socket.events).log, statuses.at(-1)]).toMatchObject([['reconnecting 1 in 1000'], { state: 'waiting', until: Date.now() + 1_000 }]);
    socket.close();
  });

  it('S11: a late subscriber joins the other wait when one of two was cancelled', () => {
    const { socket, last, server, statuses } = setUp();
    const hasty = socket.events.pipe(reconnectOnCode(after(0))).subscribe();
    recorded(socket.pipeEvents(reconnectOnCode(after(5_000))).events);
    socket.events.subscribe({ next: (event) => event.type === 'close' && hasty.unsubscribe(), error: ignore });
    last().accept();
    last().drop();
    expect(statuses.at(-1)?.state).toBe('waiting');
    expect(recorded(socket.events).log).toEqual(['reconnecting 1 in 5000']);
    expect(server.connections).toHaveLength(1);
  });

  it('S11: a subscriber that has joined goes on with the other wait when one of two is cancelled', () => {
    const { socket, last, server } = setUp();
    const [hasty] = [1_000, 3_000].map((ms) => recorded(socket.pipeEvents(reconnectOnCode(after(ms))).events));
    last().drop();
    const joined = recorded(socket.events);
    hasty?.unsubscribe();
    expect(server.connections).toHaveLength(1);
    vi.advanceTimersByTime(3_000);
    expect(joined.log).toEqual(['reconnecting 1 in 1000', 'connecting 1']);
    socket.close();
  });

  it('S5: an operator of a subject that joins a wait acts at once', () => {
    const { socket, last } = setUp();
    const leaving = new AbortController();
    recorded(socket.pipeEvents(reconnectOnCode(after(1_000))).events);
    last().drop();
    const joined = recorded(socket.pipeEvents(closeGracefully(leaving.signal, { code: 4000 })).events);
    leaving.abort();
    expect(joined.log).toEqual(['reconnecting 1 in 1000', 'close 4000 clean local', 'complete']);
  });

  it('S9: a connection whose only subscriber still waits for its retry drops the messages, and stays open', () => {
    const { socket, last, warnings } = setUp();
    recorded(socket.events.pipe(reconnectOnCode(after(60_000))));
    const open = recorded(socket.events.pipe(reconnectOnCode(after(0))));
    last().drop();
    last().accept();
    open.unsubscribe();
    last().send(1);
    expect([last().closedWith, warnings]).toEqual([null, []]);
    socket.unsubscribe();
  });

  it('S10: the status stays `open` when a wait beside the connection is cancelled', () => {
    const { socket, last, statuses } = setUp();
    const [cancelled] = [1_000, 2_000, 0].map((ms) => recorded(socket.pipeEvents(reconnectOnCode(after(ms))).events));
    last().drop();
    last().accept();
    cancelled?.unsubscribe();
    expect(statuses.at(-1)?.state).toBe('open');
    socket.unsubscribe();
  });

  it('S11: a subscriber that subscribes inside the close beside a wait joins that wait, and gets its connection', () => {
    const { socket, last } = setUp();
    const again: Recorded[] = [];
    recorded(socket.pipeEvents(reconnectOnCode(after(1_000))).events);
    socket.events.subscribe({ next: ({ type }) => type === 'close' && again.push(recorded(socket.events)), error: ignore });
    last().drop();
    vi.advanceTimersByTime(1_000);
    expect(again.map(({ log }) => log)).toEqual([['reconnecting 1 in 1000', 'connecting 1']]);
    socket.close();
  });

  it('S7: close() inside `reconnecting` ends the session, and the next one connects at once, for a subscription that is made there, too', () => {
    const { socket, last, server } = setUp();
    const made: number[] = [];
    socket.pipeEvents(reconnectOnCode(after(1_000))).events.subscribe(({ type }) => {
      if (type !== 'reconnecting') return;
      socket.close();
      recorded(socket.events);
      made.push(server.connections.length);
    });
    last().drop();
    expect(made).toEqual([2]);
    socket.close();
  });

  it('S9: a wait that is cancelled in the `connecting` that ends it subscribes to nothing', () => {
    const { socket, last } = setUp();
    let times = 0;
    const counted = socket.pipeEvents((events) => defer(() => {
      times++;
      return events;
    }), reconnectOnCode(after(10)));
    const waiting = recorded(counted.events);
    last().drop();
    const joined = socket.events.subscribe(({ type }) => type === 'connecting' && waiting.unsubscribe());
    vi.advanceTimersByTime(10);
    expect([times, joined.closed]).toEqual([1, false]);
    socket.close();
  });

  it('S11: a late subscriber joins the other wait when one of two led to no connection', () => {
    const { socket, last, server } = setUp();
    let rounds = 0;
    recorded(defer(() => (rounds++ === 0 ? socket.events : EMPTY)).pipe(reconnectOnCode(after(0))));
    recorded(socket.pipeEvents(reconnectOnCode(after(5_000))).events);
    last().drop();
    expect(rounds).toBe(2);
    expect(recorded(socket.events).log).toEqual(['reconnecting 1 in 5000']);
    expect(server.connections).toHaveLength(1);
  });

  it('S8: a subscriber that joined a wait, and is connected because that wait was cancelled, receives the announced number', () => {
    const { socket, last } = setUp({ stableAfter: 0 });
    const waiting = recorded(socket.pipeEvents(reconnectOnCode(after(1_000))).events);
    last().accept();
    last().drop();
    const joined = recorded(socket.events);
    waiting.unsubscribe();
    expect(joined.log).toEqual(['reconnecting 1 in 1000', 'connecting 1']);
  });

  it('S11: a late subscriber receives the same event object as the others', () => {
    const { socket, last } = setUp();
    const derived = socket.pipeEvents(reconnectOnCode(after(1_000)));
    const early = recorded(derived.events);
    const same = (): void => {
      const late = recorded(derived.events);
      expect(late.events).toHaveLength(1);
      expect(late.events[0]).toBe(early.events.at(-1));
    };
    same();
    last().accept();
    same();
    last().drop();
    same();
  });
});

describe('joining an end', () => {
  it('S7, S13: a subscription made inside the close of a failed attempt begins a new session, which sends what complete() left and closes', () => {
    const { socket, last, server } = setUp();
    const again: Recorded[] = [];
    socket.next(1);
    socket.complete();
    const subscribe = (): void => {
      if (again.length === 0) again.push(recorded(socket.events));
    };
    socket.events.subscribe({ next: (event) => event.type === 'close' && subscribe(), error: ignore });
    last().drop();
    last().accept();
    last().close(1000);
    expect(again.map(({ log }) => log)).toEqual([['connecting 0', 'open 0', 'close 1000 clean local', 'complete']]);
    expect([server.connections.length, last().received, last().closedWith]).toEqual([2, [1], { code: 1000, reason: '' }]);
  });

  it('S11: a subscriber that subscribes while the status `open` is delivered receives the present phase, then `open` once, as the others do', () => {
    const { socket, last } = setUp();
    const again: Recorded[] = [];
    const first = recorded(socket.events);
    socket.status.subscribe(({ state }) => {
      if (state === 'open' && again.length === 0) again.push(recorded(socket.events));
    });
    last().accept();
    expect(again.map(({ log }) => log)).toEqual([['connecting 0', 'open 0']]);
    expect(first.log).toEqual(['connecting 0', 'open 0']);
  });
});

describe('unsubscribe()', () => {
  it('S7: a subscription made while it is under way begins a new session, and receives all of its events', () => {
    const { socket, last, server } = setUp();
    const derived = socket.pipeEvents(reconnectOnCode(after(0)));
    const again: Recorded[] = [];
    const resubscribe = (): unknown => again.length === 0 && again.push(recorded(derived.events));
    derived.pipe(finalize(resubscribe)).subscribe();
    const other = recorded(socket.events);
    last().accept();
    socket.unsubscribe();
    expect(server.connections.map(({ closedWith }) => closedWith)).toEqual([{ code: 1000, reason: '' }, null]);
    server.connections[0]?.close(1000);
    last().accept();
    last().send(1);
    expect([other.log, again[0]?.log]).toEqual([['connecting 0', 'open 0'], ['connecting 0', 'open 0', 'message 1']]);
    socket.close(4000);
    last().close(4000);
    expect(again[0]?.log.slice(3)).toEqual(['close 4000 clean local', 'complete']);
    expect(derived.observed).toBe(false);
  });

  it('S7: so does one that is made before a custom operator has subscribed', () => {
    const { socket } = setUp();
    const derived = socket.pipeEvents((events) => timer(5).pipe(switchMap(() => events)));
    const again: Recorded[] = [];
    derived.pipe(finalize(() => again.push(recorded(derived.events)))).subscribe();
    derived.subscribe();
    socket.unsubscribe();
    vi.advanceTimersByTime(5);
    expect(again.map(({ log }) => log)).toEqual([['connecting 0']]);
    socket.close();
  });

  it('S9: in a wait that a base subscriber has joined calls no url function and makes no connection', () => {
    const url = vi.fn(() => 'ws://fake');
    const { socket, last, server, statuses } = setUp({ url });
    const waiting = recorded(socket.pipeEvents(reconnectOnCode(after(10))).events);
    last().drop();
    const joined = recorded(socket.events);
    socket.unsubscribe();
    vi.advanceTimersByTime(1_000);
    expect([url.mock.calls.length, server.connections.length, statuses.at(-1)?.state]).toEqual([1, 1, 'closed']);
    expect([waiting.log.at(-1), joined.log]).toEqual(['reconnecting 1 in 10', ['reconnecting 1 in 10']]);
  });

  it('S9: ends a wait of an operator applied by pipe() in an older session that is still closing', () => {
    const { socket, last, server } = setUp();
    recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
    const byHand = socket.events.pipe(reconnectOnCode(after(1_000))).subscribe();
    last().accept();
    last().drop();
    last().accept();
    socket.close(4000);
    recorded(socket.events);
    socket.unsubscribe();
    expect(byHand.closed).toBe(true);
    vi.advanceTimersByTime(10_000);
    expect(alive(server)).toEqual([]);
  });

  it.each(['connecting', 'open', 'message'])('S7, S13: what is sent after it, inside `%s`, belongs to the next session', (type) => {
    const { socket, last, statuses, warnings } = setUp();
    const leave = (event: { type: string }): void => {
      if (event.type !== type) return;
      socket.unsubscribe();
      socket.next(1);
    };
    socket.events.subscribe(leave);
    if (type !== 'connecting') {
      last().accept();
      last().send(0);
      expect([last().received, last().closedWith]).toEqual([[], { code: 1000, reason: '' }]);
    }
    expect([statuses.at(-1)?.queued, warnings]).toEqual([1, []]);
    recorded(socket.events);
    last().accept();
    expect([last().received, last().closedWith, statuses.at(-1)?.queued]).toEqual([[1], null, 0]);
  });
});

describe('a close that a custom operator delays', () => {
  const held = (ms: number) => {
    const all = setUp();
    let closeOld = ignore;
    const seen = recorded(all.socket.events.pipe(delay(10), reconnectOnCode(after(ms))));
    all.socket.events.subscribe({ next: (event) => event.type === 'open' && (closeOld = () => event.close(4000)), error: ignore });
    all.last().accept();
    all.last().close(1012);
    return { ...all, seen, closeOld: () => closeOld() };
  };

  it('S7: leads to a new session, or joins the one that has begun meanwhile', () => {
    const { socket, last, server, seen } = held(50);
    const newer = recorded(socket.events);
    last().accept();
    vi.advanceTimersByTime(100);
    expect(seen.log.slice(2)).toEqual(['reconnecting 1 in 50', 'open 0']);
    socket.close(4000);
    last().close(4000);
    vi.advanceTimersByTime(1_000);
    expect([newer.log.at(-1), seen.log.at(-1)]).toEqual(['complete', 'complete']);
    expect(server.connections).toHaveLength(2);
  });

  it('S7: an end through an event of the older session does nothing to the subscribers of the newer one', () => {
    const { socket, last, server, closeOld } = held(50);
    const newer = recorded(socket.events);
    last().accept();
    vi.advanceTimersByTime(20);
    closeOld();
    const late = recorded(socket.events);
    last().send(1);
    expect([newer.log, late.log]).toEqual([['connecting 0', 'open 0', 'message 1'], ['open 0', 'message 1']]);
    expect(server.connections).toHaveLength(2);
  });
});

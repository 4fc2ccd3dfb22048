import { defer, EMPTY, switchMap, timer } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, webSocket, type SocketStatus, type SocketWarning, type WebSocketSubject } from '../../src/index.js';
import { recorded } from './recorded.js';
import { lastClose, manualServer, setUp } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

describe('a retry whose source a custom operator subscribes later', () => {
  /** Fetches a token before each subscription. */
  const fetching = (): { seen: ReturnType<typeof recorded> } & ReturnType<typeof setUp<number>> => {
    const all = setUp();
    const subject = all.socket.pipeEvents((events) => timer(50).pipe(switchMap(() => events)), reconnectOnCode(after(100)));
    const seen = recorded(subject.events);
    vi.advanceTimersByTime(50);
    all.last().accept();
    all.last().drop();
    vi.advanceTimersByTime(120);
    return { ...all, seen };
  };
  const before = ['connecting 0', 'open 0', 'reconnecting 1 in 100'];

  it('S13: begins a new session once it is, with what waits', () => {
    const { last, server, socket, seen, statuses, warnings } = fetching();
    socket.next(1);
    expect([statuses.at(-1)?.state, server.connections.length]).toEqual(['closed', 1]);
    vi.advanceTimersByTime(50);
    last().accept();
    expect(seen.log).toEqual([...before, 'connecting 0', 'open 0']);
    expect([last().received, warnings]).toEqual([[1], []]);
    seen.unsubscribe();
  });

  it('S9: begins no session when its subscriber unsubscribes meanwhile', () => {
    const { seen, server, statuses } = fetching();
    seen.unsubscribe();
    vi.advanceTimersByTime(1_000);
    expect([statuses.at(-1)?.state, server.connections.length]).toEqual(['closed', 1]);
  });

  it('S9, S13: begins no session when its source is empty, and keeps the outbox', () => {
    const { last, socket, statuses, warnings } = setUp();
    let times = 0;
    const seen = recorded(defer(() => (times++ === 0 ? socket.events : EMPTY)).pipe(reconnectOnCode(after(100))));
    last().accept();
    last().drop();
    socket.next(1);
    vi.advanceTimersByTime(100);
    expect([seen.log.at(-1), statuses.at(-1), warnings]).toMatchObject(['complete', { state: 'closed', queued: 1 }, []]);
  });
});

describe('while waiting', () => {
  const waiting = (): { seen: ReturnType<typeof recorded>; derived: WebSocketSubject<number> } & ReturnType<typeof setUp<number>> => {
    const all = setUp();
    const derived = all.socket.pipeEvents(reconnectOnCode(after(1_000)));
    const seen = recorded(derived.events);
    all.last().accept();
    all.last().close(1012);
    expect(all.statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'delay', attempt: 1 });
    return { ...all, derived, seen };
  };
  const before = ['connecting 0', 'open 0', 'reconnecting 1 in 1000'];

  it.each(['derived', 'socket'] as const)('S5: close() on `%s` ends the wait with the requested code', (which) => {
    const all = waiting();
    all.derived.next(1);
    all[which].close(4000, 'enough');
    expect(all.seen.log).toEqual([...before, 'close 4000 enough clean local', 'complete']);
    expect(lastClose(all.seen)).toMatchObject({ unsent: [1], opened: false });
    expect(all.statuses.at(-1)).toMatchObject({ state: 'closed', attempts: 1 });
  });

  it('S13: complete() ends the wait at once, and the values are unsent', () => {
    const { derived, seen } = waiting();
    derived.next(1);
    derived.complete();
    expect(seen.log).toEqual([...before, 'close 1000 clean local', 'complete']);
    expect(lastClose(seen).unsent).toEqual([1]);
  });

  it('S5: error(err) ends the wait with err', () => {
    const { derived, seen } = waiting();
    derived.error('given');
    expect(seen.log).toEqual([...before, 'close 1000 clean local', 'given']);
  });

  it('S9: the last unsubscribe ends the wait, and the values are reported on warnings', () => {
    const { derived, seen, server, warnings, statuses } = waiting();
    derived.next(1);
    seen.unsubscribe();
    vi.advanceTimersByTime(10_000);
    expect(server.connections).toHaveLength(1);
    expect(warnings).toMatchObject([{ kind: 'dropped', values: [1] }]);
    expect(statuses.at(-1)?.state).toBe('closed');
  });

  it('S5: a wait of an operator applied by pipe() ends, too', () => {
    const { last, socket } = setUp();
    const seen = recorded(socket.events.pipe(reconnectOnCode(after(1_000))));
    last().drop();
    socket.close(4000);
    expect(seen.log).toEqual(['connecting 0', 'reconnecting 1 in 1000', 'close 4000 clean local', 'complete']);
  });

  it('S5: subscribers of several waits receive the end in the order in which they have subscribed, whichever retry is due first', () => {
    const { last, socket } = setUp();
    const order: number[] = [];
    for (const ms of [2_000, 1_000]) {
      socket.pipeEvents(reconnectOnCode(after(ms))).events.subscribe(({ type }) => type === 'close' && order.push(ms));
    }
    last().drop();
    socket.close(4000);
    expect(order).toEqual([2_000, 1_000]);
  });

  it('S11: a subscriber of the base subject joins the wait: reconnecting first, then that connection', () => {
    const { socket, last, server, seen } = waiting();
    const joined = recorded(socket.events);
    vi.advanceTimersByTime(1_000);
    last().accept();
    expect(joined.log).toEqual(['reconnecting 1 in 1000', 'connecting 1', 'open 1']);
    expect(seen.log.slice(3)).toEqual(['connecting 1', 'open 1']);
    expect(server.connections).toHaveLength(2);
    socket.close();
  });

  it('retryNow() ends the wait and connects at once, from the event and from the status; later it does nothing', () => {
    const { server, seen, statuses, socket } = waiting();
    const status = statuses.at(-1);
    if (status?.state === 'waiting') {
      status.retryNow();
      status.retryNow();
    }
    expect(server.connections).toHaveLength(2);
    expect(seen.log.at(-1)).toBe('connecting 1');
    socket.close();
  });

  it('S10: status never passes through closed between connections', () => {
    const { statuses, last, socket } = waiting();
    vi.advanceTimersByTime(1_000);
    last().accept();
    expect(statuses.map(({ state }) => state)).toEqual(['idle', 'connecting', 'open', 'waiting', 'connecting', 'open']);
    socket.close();
  });
});

describe('idle and closed', () => {
  it('close() on an idle subject empties the outbox, with a warning', () => {
    const { socket, warnings, statuses } = setUp();
    socket.next(1);
    socket.next(2);
    socket.close();
    expect(warnings).toMatchObject([{ kind: 'dropped', values: [1, 2] }]);
    expect(statuses.at(-1)).toEqual({ state: 'idle', queued: 0 });
  });

  it('S13: close() on an idle subject takes back complete(), too', () => {
    const { socket, last } = setUp();
    socket.next(1);
    socket.complete();
    socket.close();
    recorded(socket.events);
    last().accept();
    expect([last().received, last().closedWith]).toEqual([[], null]);
    socket.close();
    last().close(1000);
  });

  it('S4: close() on a closed subject does nothing: what was sent meanwhile waits for the next session', () => {
    const { socket, last, warnings } = setUp();
    recorded(socket.events);
    socket.close();
    socket.next(1);
    socket.close();
    recorded(socket.events);
    last().accept();
    expect([last().received, warnings]).toEqual([[1], []]);
    socket.close();
  });

  it('S5: close() of an event of a session that is over does nothing: what waits is kept for the next session', () => {
    const closing = vi.fn();
    const { socket, last, warnings } = setUp({ closingObserver: { next: closing } });
    const seen = recorded(socket.events);
    last().accept();
    last().close(1012);
    socket.next(1);
    const [connecting, open] = seen.events;
    if (connecting?.type === 'connecting') connecting.close();
    if (open?.type === 'open') open.close();
    recorded(socket.events);
    last().accept();
    expect([last().received, closing.mock.calls, warnings]).toEqual([[1], [], []]);
    socket.close();
    last().close(1000);
  });

  it('S1: a constructor that throws is a bare error, and the outbox is kept', () => {
    const refusal = new SyntaxError('never');
    let refuses = true;
    const { last, server } = manualServer();
    class Refusing extends server.WebSocket {
      constructor(url: string) {
        if (refuses) throw refusal;
        super(url);
      }
    }
    const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: Refusing });
    const statuses: SocketStatus[] = [];
    socket.status.subscribe((status) => statuses.push(status));
    const warnings: SocketWarning[] = [];
    socket.warnings.subscribe((warning) => warnings.push(warning));
    socket.next(1);
    const seen = recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
    expect(seen.log).toEqual(['connecting 0', 'SyntaxError']);
    expect(seen.error).toBe(refusal);
    expect(statuses.at(-1)).toMatchObject({ state: 'closed', closeEvent: null, error: refusal });
    expect(warnings).toEqual([]);
    refuses = false;
    recorded(socket.events);
    last().accept();
    expect(last().received).toEqual([1]);
    socket.close();
  });
});

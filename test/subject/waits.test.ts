import { defer, EMPTY, switchMap, timer } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, webSocket, type SocketStatus, type WebSocketSubject } from '../../src/index.js';
import { fakeSockets } from './FakeSocket.js';
import { recorded } from './recorded.js';
import { lastClose, setUp } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

describe('a retry whose source is subscribed later', () => {
  /** A token is fetched before each subscription. */
  const fetching = (): { seen: ReturnType<typeof recorded> } & ReturnType<typeof setUp> => {
    const all = setUp();
    const face = all.socket.pipeEvents((events) => timer(50).pipe(switchMap(() => events)), reconnectOnCode(after(100)));
    const seen = recorded(face.events);
    vi.advanceTimersByTime(50);
    all.sockets.last.open();
    all.sockets.last.drop();
    vi.advanceTimersByTime(120);
    return { ...all, seen };
  };
  const before = ['connecting 0', 'open 0', 'reconnecting 1 in 100'];

  it('connects once it is', () => {
    const { sockets, seen, statuses } = fetching();
    expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'delay' });
    vi.advanceTimersByTime(50);
    sockets.last.open();
    expect(seen.log).toEqual([...before, 'connecting 1', 'open 1']);
    seen.unsubscribe();
    sockets.last.closeClean(1000);
  });

  it('S5: is ended by close() meanwhile', () => {
    const { sockets, socket, seen, statuses } = fetching();
    socket.close(4000);
    vi.advanceTimersByTime(1_000);
    expect(seen.log).toEqual([...before, 'close 4000 clean local', 'complete']);
    expect([sockets.made.length, statuses.at(-1)?.state]).toEqual([1, 'closed']);
  });

  it('S5: is ended by close() meanwhile, though another subscriber has the connection', () => {
    const { sockets, socket, seen } = fetching();
    const other = recorded(socket.events);
    socket.close(4000);
    vi.advanceTimersByTime(1_000);
    expect(seen.log).toEqual([...before, 'close 4000 clean local', 'complete']);
    expect(other.log.at(-1)).toBe('complete');
    expect(sockets.made.filter(({ isAlive }) => isAlive)).toEqual([]);
  });

  it('S9: leaves no session behind when its subscriber leaves meanwhile', () => {
    const { seen, statuses } = fetching();
    seen.unsubscribe();
    expect(statuses.at(-1)?.state).toBe('closed');
  });

  it('S9: leaves no session behind when its source gives nothing', () => {
    const { sockets, socket, statuses } = setUp();
    let times = 0;
    const seen = recorded(defer(() => (times++ === 0 ? socket.events : EMPTY)).pipe(reconnectOnCode(after(100))));
    sockets.last.open();
    sockets.last.drop();
    vi.advanceTimersByTime(100);
    expect([seen.log.at(-1), statuses.at(-1)?.state]).toEqual(['complete', 'closed']);
  });
});

describe('while waiting', () => {
  const waiting = (): { seen: ReturnType<typeof recorded>; face: WebSocketSubject<number> } & ReturnType<typeof setUp> => {
    const all = setUp();
    const face = all.socket.pipeEvents(reconnectOnCode(after(1_000)));
    const seen = recorded(face.events);
    all.sockets.last.open();
    all.sockets.last.closeClean(1012);
    expect(all.statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'delay', attempt: 1 });
    return { ...all, face, seen };
  };
  const before = ['connecting 0', 'open 0', 'reconnecting 1 in 1000'];

  it.each(['face', 'socket'] as const)('S5: close() on the %s ends the wait with the code asked for', (which) => {
    const all = waiting();
    all.face.next(1);
    all[which].close(4000, 'enough');
    expect(all.seen.log).toEqual([...before, 'close 4000 enough clean local', 'complete']);
    expect(lastClose(all.seen)).toMatchObject({ unsent: [1], opened: false });
    expect(all.statuses.at(-1)).toMatchObject({ state: 'closed', attempts: 1 });
  });

  it('S13: complete() ends the wait at once and tells what was not sent', () => {
    const { face, seen } = waiting();
    face.next(1);
    face.complete();
    expect(seen.log).toEqual([...before, 'close 1000 clean local', 'complete']);
    expect(lastClose(seen).unsent).toEqual([1]);
  });

  it('S5: error(err) ends the wait with err', () => {
    const { face, seen } = waiting();
    face.error('given');
    expect(seen.log).toEqual([...before, 'close 1000 clean local', 'given']);
  });

  it('S9: the last to leave ends the wait, and values that nobody is told of are a warning', () => {
    const { face, seen, sockets, warnings, statuses } = waiting();
    face.next(1);
    seen.unsubscribe();
    vi.advanceTimersByTime(10_000);
    expect(sockets.made).toHaveLength(1);
    expect(warnings).toMatchObject([{ kind: 'dropped', values: [1] }]);
    expect(statuses.at(-1)?.state).toBe('closed');
  });

  it('S5: a wait by hand, of one subscriber, ends too', () => {
    const { sockets, socket } = setUp();
    const seen = recorded(socket.events.pipe(reconnectOnCode(after(1_000))));
    sockets.last.drop();
    socket.close(4000);
    expect(seen.log).toEqual(['connecting 0', 'reconnecting 1 in 1000', 'close 4000 clean local', 'complete']);
  });

  it('S11: who subscribes to the base face joins the wait: reconnecting first, then that connection', () => {
    const { socket, sockets, seen } = waiting();
    const joined = recorded(socket.events);
    vi.advanceTimersByTime(1_000);
    sockets.last.open();
    expect(joined.log).toEqual(['reconnecting 1 in 1000', 'connecting 1', 'open 1']);
    expect(seen.log.slice(3)).toEqual(['connecting 1', 'open 1']);
    expect(sockets.made).toHaveLength(2);
    socket.close();
    sockets.last.closeClean(1000);
  });

  it('retryNow() ends the wait and connects at once, from the event and from the status; later it does nothing', () => {
    const { sockets, seen, statuses, socket } = waiting();
    const status = statuses.at(-1);
    if (status?.state === 'waiting') {
      status.retryNow();
      status.retryNow();
    }
    expect(sockets.made).toHaveLength(2);
    expect(seen.log.at(-1)).toBe('connecting 1');
    socket.close();
  });

  it('S10: status never passes through closed between connections', () => {
    const { statuses, sockets, socket } = waiting();
    vi.advanceTimersByTime(1_000);
    sockets.last.open();
    expect(statuses.map(({ state }) => state)).toEqual(['idle', 'connecting', 'open', 'waiting', 'connecting', 'open']);
    socket.close();
    sockets.last.closeClean(1000);
  });
});

describe('idle and closed', () => {
  it('close() on a subject that nobody has subscribed to empties the outbox, with a warning', () => {
    const { socket, warnings, statuses } = setUp();
    socket.next(1);
    socket.next(2);
    socket.close();
    expect(warnings).toMatchObject([{ kind: 'dropped', values: [1, 2] }]);
    expect(statuses.at(-1)).toEqual({ state: 'idle', queued: 0 });
  });

  it('S4: close() on a closed subject does nothing: what was sent meanwhile waits for the next session', () => {
    const { socket, sockets, warnings } = setUp();
    recorded(socket.events);
    socket.close();
    socket.next(1);
    socket.close();
    recorded(socket.events);
    sockets.last.open();
    expect([sockets.last.sent, warnings]).toEqual([['1'], []]);
    socket.close();
    sockets.last.closeClean(1000);
  });

  it('S1: a constructor that refuses is a bare error, and the outbox is kept', () => {
    const refusal = new SyntaxError('never');
    let refuses = true;
    const sockets = fakeSockets();
    class Refusing extends sockets.WebSocketCtor {
      constructor(url: string) {
        if (refuses) throw refusal;
        super(url);
      }
    }
    const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: Refusing });
    const statuses: SocketStatus[] = [];
    socket.status.subscribe((status) => statuses.push(status));
    socket.next(1);
    const seen = recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
    expect(seen.log).toEqual(['connecting 0', 'SyntaxError']);
    expect(seen.error).toBe(refusal);
    expect(statuses.at(-1)).toMatchObject({ state: 'closed', closeEvent: null, error: refusal });
    refuses = false;
    recorded(socket.events);
    sockets.last.open();
    expect(sockets.last.sent).toEqual(['1']);
    socket.close();
    sockets.last.closeClean(1000);
  });
});

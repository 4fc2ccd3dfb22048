import { BehaviorSubject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, suspendWhile, type SocketStatus } from '../../src/index.js';
import { recorded } from './recorded.js';
import { lastClose, manualServer, setUp, setUpFake } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Acts once, on the first status that fits. */
function onStatus(socket: ReturnType<typeof setUp<number>>['socket'], fits: (status: SocketStatus) => boolean, act: () => void): void {
  let hasActed = false;
  socket.status.subscribe((status) => {
    if (hasActed || !fits(status)) return;
    hasActed = true;
    act();
  });
}

describe('a subscriber of the status that ends the session when `queued` is 0', () => {
  const queuedThree = () => {
    const all = setUp();
    const seen = recorded(all.socket.events);
    for (const value of [1, 2, 3]) all.socket.next(value);
    return { ...all, seen };
  };

  it.each(['complete', 'close', 'unsubscribe'] as const)('S5, S13: by %s() does not change the end under way', (how) => {
    const { socket, seen, warnings } = queuedThree();
    onStatus(socket, ({ queued }) => queued === 0, () => socket[how]());
    socket.close(4000);
    if (how === 'unsubscribe') {
      expect(warnings).toMatchObject([{ kind: 'dropped', values: [1, 2, 3] }]);
      return;
    }
    expect(seen.log).toEqual(['connecting 0', 'close 4000 clean local', 'complete']);
    expect(lastClose(seen).unsent).toEqual([1, 2, 3]);
  });

  it('S2: leaves subscribers the error that was given', () => {
    const { socket, seen } = queuedThree();
    const given = new Error('given');
    onStatus(socket, ({ queued }) => queued === 0, () => socket.complete());
    socket.error(given);
    expect(seen.error).toBe(given);
  });

  it('S13: or subscribes again: the values of the session that ended are reported', () => {
    const { socket, seen, warnings } = queuedThree();
    onStatus(socket, ({ queued }) => queued === 0, () => recorded(socket.events));
    seen.unsubscribe();
    expect(warnings).toMatchObject([{ kind: 'dropped', values: [1, 2, 3] }]);
  });
});

describe('a subscriber of the status that ends the session while it waits', () => {
  it.each(['drop', 'closeClean'] as const)('S5: by close(): subscribers receive that end (%s)', (end) => {
    const { socket, sockets } = setUpFake();
    const derived = socket.pipeEvents(reconnectOnCode(after(50)));
    const seen = recorded(derived.events);
    sockets.last.open();
    onStatus(socket, ({ state }) => state === 'waiting', () => socket.close(4000, 'gave up'));
    sockets.last.readyState = 2;
    socket.next(1);
    sockets.last[end](1012);
    expect(seen.log.slice(2)).toEqual(['reconnecting 1 in 50', 'close 4000 gave up clean local', 'complete']);
    expect(lastClose(seen).unsent).toEqual([1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('S5: so does a subscriber of `reconnecting`: the other subject that waits receives the end, too', () => {
    const { socket, last } = setUp();
    const [first, second] = [50, 60].map((ms) => socket.pipeEvents(reconnectOnCode(after(ms))));
    first?.events.subscribe(({ type }) => type === 'reconnecting' && socket.close(4000));
    const seen = second && recorded(second.events);
    last().accept();
    last().drop();
    expect(seen?.log.at(-1)).toBe('complete');
    expect(seen?.log.at(-2)).toBe('close 4000 clean local');
  });
});

it('S7: who subscribes while the status says `closing` gets a transport only once the first one has our Close', () => {
  const order: string[] = [];
  const { last, server } = manualServer();
  class Logged extends server.WebSocket {
    constructor(url: string) {
      super(url);
      order.push('new');
    }
    override close(...args: [number?, string?]): void {
      order.push('close');
      super.close(...args);
    }
  }
  const { socket } = setUp({ WebSocketCtor: Logged });
  recorded(socket.events);
  last().accept();
  onStatus(socket, ({ state }) => state === 'closing', () => recorded(socket.events));
  socket.close();
  expect(order).toEqual(['new', 'close', 'new']);
  socket.unsubscribe();
});

it('S7: who subscribes while the status says `closed` begins the next session', () => {
  const { socket, last } = setUp();
  const again: ReturnType<typeof recorded>[] = [];
  const first = recorded(socket.events);
  onStatus(socket, ({ state }) => state === 'closed', () => again.push(recorded(socket.events)));
  last().accept();
  last().close(1012);
  last().accept();
  expect([first.log.slice(2), again[0]?.log]).toEqual([['close 1012 clean remote', 'complete'], ['connecting 0', 'open 0']]);
  socket.unsubscribe();
});

it('a signal of suspendWhile that a subscriber of the status turns false again suspends nothing', () => {
  const { socket, last, statuses } = setUp();
  const isAway = new BehaviorSubject(false);
  const derived = socket.pipeEvents(reconnectOnCode(after(20)), suspendWhile(isAway));
  recorded(derived.events);
  last().accept();
  last().close(1012);
  onStatus(socket, (status) => status.state === 'waiting' && status.why === 'suspended', () => isAway.next(false));
  isAway.next(true);
  vi.advanceTimersByTime(20);
  expect(statuses.at(-1)).toMatchObject({ state: 'connecting', attempt: 1 });
  socket.unsubscribe();
});

it('S8: after a stable connection that suspendWhile closed, an end during the wait has the number of the attempt to come', () => {
  const { socket, last } = setUp({ stableAfter: 100 });
  const isAway = new BehaviorSubject(false);
  const seen = recorded(socket.pipeEvents(suspendWhile(isAway)).events);
  last().accept();
  vi.advanceTimersByTime(100);
  isAway.next(true);
  last().close(1000);
  expect(seen.log.at(-1)).toBe('reconnecting 0 in Infinity');
  socket.close();
  expect(lastClose(seen).attempt).toBe(0);
});

it('S8: a connection has the number that its `reconnecting` has announced, also while another retry becomes due', () => {
  const { socket, last, statuses } = setUp({ stableAfter: 20 });
  const isAway = new BehaviorSubject(false);
  const seen = recorded(socket.pipeEvents(reconnectOnCode(after(1)), suspendWhile(isAway)).events);
  recorded(socket.pipeEvents(reconnectOnCode(after(120))).events);
  last().accept();
  last().close(1012);
  vi.advanceTimersByTime(1);
  last().accept();
  vi.advanceTimersByTime(40);
  isAway.next(true);
  last().close(1000);
  vi.advanceTimersByTime(120);
  isAway.next(false);
  expect(seen.log.slice(-2)).toEqual(['reconnecting 0 in Infinity', 'connecting 0']);
  expect(statuses.at(-1)).toMatchObject({ state: 'connecting', attempt: 0 });
  socket.unsubscribe();
});

it('S7: the status says `closing` once the transport has our Close, so that a subscriber of the status may begin the next connection', () => {
  const { socket, last, server } = setUp();
  socket.subscribe();
  last().accept();
  const seen: unknown[] = [];
  onStatus(socket, ({ state }) => state === 'closing', () => {
    seen.push(server.connections[0]?.closedWith);
    socket.subscribe();
    seen.push(server.connections.length);
  });
  socket.close(4000, 'bye');
  expect(seen).toEqual([{ code: 4000, reason: 'bye' }, 2]);
});

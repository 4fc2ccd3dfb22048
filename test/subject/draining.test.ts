import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, WebSocketTimeoutError, type SocketOpen } from '../../src/index.js';
import { recorded } from './recorded.js';
import { lastClose, setUp, setUpFake } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

describe('close() of an open event', () => {
  /** Values wait, the connection opens, and `act` is called in the event. */
  const opening = (inside: (event: SocketOpen<number, number>) => void) => {
    const all = setUp({ closeTimeout: 300 });
    all.socket.next(1);
    all.socket.next(2);
    all.socket.events.subscribe({ next: (event) => event.type === 'open' && inside(event), error: () => undefined });
    const seen = recorded(all.socket.events);
    return { ...all, seen };
  };

  it('S13: empties the outbox at once, without `drain`', () => {
    const { last, seen } = opening((event) => event.close(4000, 'enough'));
    last().accept();
    expect([last().received, last().closedWith]).toEqual([[], { code: 4000, reason: 'enough' }]);
    last().close(4000, 'enough');
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'close 4000 enough clean local', 'complete']);
    expect(lastClose(seen).unsent).toEqual([1, 2]);
  });

  it('S13: with `drain`, sends the outbox first', () => {
    const { socket, last, seen } = opening((event) => event.close(4000, 'enough', { drain: true }));
    last().accept();
    socket.next(3);
    expect([last().received, last().closedWith]).toEqual([[1, 2], { code: 4000, reason: 'enough' }]);
    last().close(4000, 'enough');
    expect(lastClose(seen).unsent).toEqual([]);
  });

  it.each([{ drain: true }, { drain: false }])('S15: with `timeout`, waits that long for the server: %j', ({ drain }) => {
    const { last, seen } = opening((event) => event.close(4000, '', { drain, timeout: 70 }));
    last().accept();
    vi.advanceTimersByTime(69);
    expect(seen.log.at(-1)).toBe('open 0');
    vi.advanceTimersByTime(1);
    expect(seen.log.slice(2)).toEqual(['close 1006 unclean local', 'WebSocketCloseError']);
    expect(lastClose(seen).cause).toEqual(new WebSocketTimeoutError('close', 70));
  });

  it("S15: the drain and the server's answer share the timeout", () => {
    const { socket, sockets } = setUpFake({ closeTimeout: 300 });
    for (const value of [1, 2]) socket.next(value);
    const seen = recorded(socket.events);
    socket.events.subscribe({ next: (event) => event.type === 'open' && event.close(4000, '', { drain: true, timeout: 70 }), error: () => undefined });
    sockets.last.send = () => vi.advanceTimersByTime(20);
    sockets.last.open();
    expect(sockets.last.closes).toEqual([[4000]]);
    vi.advanceTimersByTime(29);
    expect(seen.log.at(-1)).toBe('open 0');
    vi.advanceTimersByTime(1);
    expect(seen.log.slice(2)).toEqual(['close 1006 unclean local', 'WebSocketCloseError']);
  });

  it.each([NaN, 0, -1, Infinity, '5' as never])('S4: a timeout of %s throws a RangeError and changes nothing', (timeout) => {
    const thrown: unknown[] = [];
    const { socket, last, seen } = opening((event) => {
      try {
        event.close(4000, '', { timeout });
      } catch (error) {
        thrown.push(error);
      }
    });
    last().accept();
    expect(thrown).toEqual([expect.objectContaining({ name: 'RangeError', message: expect.stringMatching(/^close: timeout /) as string })]);
    expect([seen.log, last().received, last().closedWith]).toEqual([['connecting 0', 'open 0'], [1, 2], null]);
    socket.close();
  });
});

it.each(['close', 'error'] as const)('S5: %s() after a complete() that has ended a wait, in one event, changes nothing', (second) => {
  const { socket, last } = setUp();
  const derived = socket.pipeEvents(reconnectOnCode(after(1_000)));
  socket.next(1);
  derived.events.subscribe((event) => {
    if (event.type !== 'reconnecting') return;
    socket.complete();
    if (second === 'close') socket.close(4000);
    else socket.error('given');
  });
  const seen = recorded(derived.events);
  last().drop();
  expect(seen.log).toEqual(['connecting 0', 'reconnecting 1 in 1000', 'close 1000 clean local', 'complete']);
  expect(lastClose(seen).unsent).toEqual([1]);
});

describe('complete() more than once', () => {
  /** Runs one session after another, each with its own connection; returns what was sent on each, and its Close. */
  const inTurn = ({ socket, last }: ReturnType<typeof setUp<number>>, times: number) =>
    Array.from({ length: times }, () => {
      recorded(socket.events);
      last().accept();
      const { closedWith, received } = last();
      if (closedWith === null) socket.close();
      last().close(1000);
      return [received, closedWith];
    });

  it('S13: on an idle subject, counts once: the next connection that opens sends everything that waits, and closes', () => {
    const all = setUp();
    for (const value of [1, 2]) {
      all.socket.next(value);
      all.socket.complete();
    }
    all.socket.next(3);
    expect(inTurn(all, 2)).toEqual([
      [[1, 2, 3], { code: 1000, reason: '' }],
      [[], null],
    ]);
  });

  it('S13: on an idle subject without values, ends no later session', () => {
    const all = setUp();
    all.socket.complete();
    expect(inTurn(all, 1)).toEqual([[[], null]]);
  });

  it('S7: during a drain, the second one belongs to the next session, with the values before it', () => {
    const all = setUp();
    const { socket, last, statuses } = all;
    const first = recorded(socket.events);
    socket.next(1);
    socket.complete();
    socket.next(2);
    socket.complete();
    socket.next(3);
    expect(statuses.at(-1)?.queued).toBe(3);
    last().accept();
    expect([last().received, last().closedWith]).toEqual([[1], { code: 1000, reason: '' }]);
    last().close(1000);
    expect(first.log.at(-1)).toBe('complete');
    expect(inTurn(all, 2)).toEqual([
      [[2, 3], { code: 1000, reason: '' }],
      [[], null],
    ]);
  });
});

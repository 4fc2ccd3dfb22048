import { NEVER } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, closeGracefully, OutboxOverflowError, reconnectOnCode, SerializeError, type WebSocketSubject } from '../../src/index.js';
import { recorded } from './recorded.js';
import { setUp, setUpFake } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const failing = (): never => {
  throw new Error('broken');
};

interface Part {
  ask?: () => number;
  end?: () => number;
  filter?: (message: number) => boolean;
}

/** A multiplexed stream: 7 subscribes, 8 unsubscribes, by default. */
function partOf(socket: WebSocketSubject<number>, { ask = () => 7, end = () => 8, filter = () => true }: Part = {}) {
  const asks = vi.fn(ask);
  const ends = vi.fn(end);
  const log: unknown[] = [];
  const subscription = socket.multiplex(asks, ends, filter).subscribe({
    next: (message) => log.push(message),
    error: (error: unknown) => log.push(error),
    complete: () => log.push('complete'),
  });
  return { asks, ends, log, subscription };
}

describe('what is sent', () => {
  it('S13: neither message, when it ends while the first one still waits; both are made, once', () => {
    const { socket, last, statuses } = setUp();
    const part = partOf(socket);
    recorded(socket.events);
    socket.next(1);
    part.subscription.unsubscribe();
    expect(statuses.at(-1)?.queued).toBe(1);
    last().accept();
    expect(last().received).toEqual([1]);
    expect([part.asks.mock.calls.length, part.ends.mock.calls.length]).toEqual([1, 1]);
  });

  it('the second message, on the open connection that took the first one', () => {
    const { socket, last } = setUp();
    recorded(socket.events);
    const waited = partOf(socket);
    last().accept();
    const live = partOf(socket, { ask: () => 17, end: () => 18 });
    expect(last().received).toEqual([7, 17]);
    live.subscription.unsubscribe();
    waited.subscription.unsubscribe();
    expect(last().received).toEqual([7, 17, 18, 8]);
    expect(last().closedWith).toBeNull();
  });

  it('the second message before the Close, when it is the last subscriber', () => {
    const { socket, last } = setUp();
    const part = partOf(socket);
    last().accept();
    part.subscription.unsubscribe();
    // A value after our Close would not be received.
    expect([last().received, last().closedWith]).toEqual([[7, 8], { code: 1000, reason: '' }]);
  });

  it.each(['in the wait', 'on the next connection'])('not the second message when the connection that took the first is gone: %s', (when) => {
    const { socket, last, server, statuses } = setUp();
    const derived = socket.pipeEvents(reconnectOnCode(after(1_000)));
    const part = partOf(derived);
    last().accept();
    last().drop();
    if (when === 'on the next connection') {
      vi.advanceTimersByTime(1_000);
      last().accept();
    }
    recorded(derived.events);
    part.subscription.unsubscribe();
    expect(part.ends).toHaveBeenCalledOnce();
    if (when === 'in the wait') {
      vi.advanceTimersByTime(1_000);
      last().accept();
    }
    expect(server.connections.map(({ received }) => received)).toEqual([[7], []]);
    expect(statuses.at(-1)?.queued).toBe(0);
  });

  it('not the second message once our Close is sent', () => {
    const { socket, last, statuses } = setUp();
    const part = partOf(socket);
    last().accept();
    socket.close(4000);
    part.subscription.unsubscribe();
    expect([part.ends.mock.calls.length, last().received, statuses.at(-1)?.queued]).toEqual([1, [7], 0]);
  });

  it('S7: not the second message once a graceful end is under way, nor on the connection of the next session', () => {
    const { socket, last, statuses } = setUp();
    const stopping = new AbortController();
    recorded(socket.pipeEvents(closeGracefully(stopping.signal, { until: NEVER })).events);
    const part = partOf(socket);
    last().accept();
    stopping.abort();
    part.subscription.unsubscribe();
    expect([part.ends.mock.calls.length, last().received, last().closedWith, statuses.at(-1)?.queued]).toEqual([1, [7], null, 0]);
  });

  it.each(['waits', 'is sent'])('S7: not the second message when unsubscribe() of the subject ends it while the first one %s; the next connection gets neither', (what) => {
    const { socket, last, server, statuses } = setUp();
    const part = partOf(socket);
    if (what === 'is sent') last().accept();
    socket.unsubscribe();
    expect([part.subscription.closed, part.log, part.ends.mock.calls.length, statuses.at(-1)?.queued]).toEqual([true, [], 1, 0]);
    recorded(socket.events);
    last().accept();
    expect(server.connections.map(({ received }) => received)).toEqual(what === 'is sent' ? [[7], []] : [[], []]);
  });

  it('S7: the second message on the connection that took the first one, which had waited for an older session to end', () => {
    const { socket, last, server } = setUp();
    recorded(socket.events);
    socket.next(1);
    socket.complete();
    recorded(socket.events);
    const part = partOf(socket);
    server.connections[0]?.accept();
    server.connections[0]?.close(1000);
    last().accept();
    part.subscription.unsubscribe();
    expect(server.connections.map(({ received }) => received)).toEqual([[1], [7, 8]]);
  });

  it('S13: the second message on the connection that took the first one, which was kept from a connection that closes in silence', () => {
    const { socket, sockets } = setUpFake();
    const derived = socket.pipeEvents(reconnectOnCode(after(0)));
    recorded(derived.events);
    sockets.last.open();
    sockets.last.readyState = 2;
    const part = partOf(derived);
    sockets.last.closeClean(1012);
    sockets.last.open();
    part.subscription.unsubscribe();
    expect(sockets.made.map(({ sent }) => sent)).toEqual([[], ['7', '8']]);
  });
});

describe('what comes', () => {
  it('two parts share a connection, each gets its own messages, and the connection goes on when one ends', () => {
    const { socket, last, server } = setUp();
    const small = partOf(socket, { filter: (message) => message < 10 });
    const large = partOf(socket, { ask: () => 17, end: () => 18, filter: (message) => message >= 10 });
    expect(server.connections).toHaveLength(1);
    last().accept();
    for (const message of [1, 10, 2, 20]) last().send(message);
    small.subscription.unsubscribe();
    last().send(3);
    last().send(30);
    expect([small.log, large.log]).toEqual([[1, 2], [10, 20, 30]]);
    expect([last().received, last().closedWith]).toEqual([[7, 17, 8], null]);
    last().close(1000);
    expect([small.log, large.log]).toEqual([[1, 2], [10, 20, 30, 'complete']]);
  });

  it('S2: an unclean close is the error of each part', () => {
    const { socket, last } = setUp();
    const part = partOf(socket);
    last().accept();
    last().drop();
    expect(part.log).toEqual([expect.objectContaining({ name: 'WebSocketCloseError', code: 1006 })]);
    expect(part.ends).toHaveBeenCalledOnce();
  });
});

describe('what throws', () => {
  it('S16: in the first callback, is the error of the observable, and nothing connects', () => {
    const { socket, server } = setUp();
    const part = partOf(socket, { ask: failing });
    expect(part.log).toEqual([new Error('broken')]);
    expect([server.connections.length, part.ends.mock.calls.length]).toEqual([0, 0]);
  });

  it('S14: because the first message cannot be serialised, is the error of the observable', () => {
    const { socket, server, statuses } = setUp();
    const part = partOf(socket, { ask: () => 1n as unknown as number });
    expect(part.log).toEqual([expect.any(SerializeError)]);
    expect([server.connections.length, statuses.at(-1)?.queued]).toEqual([0, 0]);
  });

  it('S16: in the filter, is the error of the observable alone: the second message is sent, and others go on', () => {
    const { socket, last } = setUp();
    const other = recorded(socket.events);
    const part = partOf(socket, { filter: failing });
    last().accept();
    last().send(1);
    last().send(2);
    expect(part.log).toEqual([new Error('broken')]);
    expect([last().received, last().closedWith]).toEqual([[7, 8], null]);
    expect(other.log).toEqual(['connecting 0', 'open 0', 'message 1', 'message 2']);
  });

  it.each([
    ['throws', failing],
    ['gives what cannot be serialised', () => 1n as unknown as number],
  ])('S16: an unsubMsg that %s has no observer left: it is reported on warnings, and the last unsubscribe still closes', (_what, end) => {
    const { socket, last, warnings } = setUp();
    const part = partOf(socket, { end });
    last().accept();
    part.subscription.unsubscribe();
    expect([part.log, last().received, last().closedWith]).toEqual([[], [7], { code: 1000, reason: '' }]);
    expect(warnings).toEqual([{ kind: 'callback', callback: 'unsubMsg', error: expect.any(Error) as Error }]);
  });

  it('S16: a second callback that throws while the first message waits takes that back all the same', () => {
    const { socket, statuses, warnings } = setUp();
    const part = partOf(socket, { end: failing });
    part.subscription.unsubscribe();
    expect([statuses.at(-1)?.queued, warnings.map(({ kind }) => kind)]).toEqual([0, ['callback']]);
  });
});

describe('a full outbox', () => {
  it.each(['drop-newest', 'throw'] as const)('S13: with %s errors the part whose first message it refuses, and sends nothing for it', (overflow) => {
    const { socket, last, server, warnings } = setUp({ outbox: { maxValues: 1, overflow } });
    socket.next(1);
    const part = partOf(socket);
    expect(part.log).toEqual([new OutboxOverflowError(7, 1)]);
    expect(warnings.filter(({ kind }) => kind !== 'dropped')).toEqual([]);
    expect(server.connections).toEqual([]);
    recorded(socket.events);
    last().accept();
    expect(last().received).toEqual([1]);
  });

  it("S13: with 'drop-oldest' errors the part whose first message makes room, and no other", () => {
    const { socket, last } = setUp({ outbox: { maxValues: 2, overflow: 'drop-oldest' } });
    const parts = [partOf(socket), partOf(socket, { ask: () => 17 })];
    socket.next(1);
    expect(parts.map(({ log }) => log)).toEqual([[new OutboxOverflowError(7, 2)], []]);
    last().accept();
    expect(last().received).toEqual([17, 1]);
  });
});

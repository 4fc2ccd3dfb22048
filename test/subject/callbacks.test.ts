import { finalize, of } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, closeGracefully, reconnectOnCode } from '../../src/index.js';
import { recorded } from './recorded.js';
import { setUp } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

describe('observers in the config', () => {
  it('S12: openObserver is told before the subscribers of events', () => {
    const order: string[] = [];
    const { socket, sockets } = setUp({ openObserver: { next: () => order.push('openObserver') } });
    socket.events.subscribe(({ type }) => order.push(type));
    sockets.last.open();
    expect(order).toEqual(['connecting', 'openObserver', 'open']);
    socket.close();
    sockets.last.closeClean(1000);
  });

  it('closeObserver is told of the close of a connection, and of the end of the session in the wait after it', () => {
    const told: unknown[] = [];
    const { socket, sockets } = setUp({ closeObserver: { next: ({ code, opened }) => told.push([code, opened]) } });
    recorded(socket.pipeEvents(reconnectOnCode(after(1_000))).events);
    sockets.last.open();
    sockets.last.closeClean(1012);
    socket.close(4000);
    expect(told).toEqual([[1012, true], [4000, false]]);
  });

  const endings = ['close()', 'complete()', 'closeGracefully with an `until` that is there at once'];
  it.each(endings)('closingObserver is told before Close is sent, by %s', (how) => {
    const order: string[] = [];
    const stopping = new AbortController();
    const { socket, sockets } = setUp({ closingObserver: { next: () => order.push('closingObserver') } });
    recorded(socket.pipeEvents(closeGracefully(stopping.signal, { until: of(1) })).events);
    const transport = sockets.last;
    transport.open();
    vi.spyOn(transport, 'close').mockImplementation(() => order.push('Close'));
    if (how === 'close()') socket.close();
    else if (how === 'complete()') socket.complete();
    else stopping.abort();
    expect(order).toEqual(['closingObserver', 'Close']);
    transport.closeClean(1000);
  });

  it.each([
    ['close()', (socket: ReturnType<typeof setUp>['socket']) => socket.close(4001, 'second')],
    ['error()', (socket: ReturnType<typeof setUp>['socket']) => socket.error('second')],
  ])('S4: %s inside closingObserver changes nothing in the end that is under way', (_what, second) => {
    const { socket, sockets } = setUp({ closingObserver: { next: () => second(socket) } });
    const seen = recorded(socket.events);
    sockets.last.open();
    socket.close(4000, 'first');
    expect(sockets.last.closes).toEqual([[4000, 'first']]);
    sockets.last.closeClean(4000, 'first');
    expect(seen.log.slice(2)).toEqual(['close 4000 first clean local', 'complete']);
  });
});

describe('a finalizer that throws', () => {
  const throwing = () => {
    const all = setUp();
    const broken = finalize<number>(() => {
      throw new Error('broken');
    });
    all.socket.pipe(broken).subscribe({ error: () => undefined });
    const others = [recorded(all.socket.events), recorded(all.socket.pipeEvents((events) => events).events)];
    all.sockets.last.open();
    return { ...all, others };
  };

  it.each([
    ['clean', 'complete'],
    ['unclean', 'WebSocketCloseError'],
  ])('S16: keeps the terminal from nobody when the close is %s, and is told on warnings', (how, terminal) => {
    const { socket, sockets, others, warnings } = throwing();
    if (how === 'clean') sockets.last.closeClean(1012);
    else sockets.last.drop();
    expect(others.map(({ log }) => log.at(-1))).toEqual([terminal, terminal]);
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'finalizer' }]);
    expect(socket.observed).toBe(false);
  });

  it('S16: does not stop unsubscribe() half-way, and is told on warnings', () => {
    const { socket, sockets, others, warnings } = throwing();
    socket.unsubscribe();
    expect([socket.observed, sockets.last.closes]).toEqual([false, [[1000]]]);
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'finalizer' }]);
    sockets.last.message(1);
    sockets.last.closeClean(1000);
    expect(others.map(({ log }) => log)).toEqual([['connecting 0', 'open 0'], ['connecting 0', 'open 0']]);
  });
});

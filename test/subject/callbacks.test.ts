import { finalize, Observable, of, type Subscriber } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, closeEvent, closeGracefully, onOpen, reconnectOnCode, suspendWhile, type WebSocketSubjectConfig } from '../../src/index.js';
import { FakeSocket } from './FakeSocket.js';
import { recorded } from './recorded.js';
import { setUp } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

describe('observers in the config', () => {
  it('S12: openObserver is notified before the subscribers of events', () => {
    const order: string[] = [];
    const { socket, sockets } = setUp({ openObserver: { next: () => order.push('openObserver') } });
    socket.events.subscribe(({ type }) => order.push(type));
    sockets.last.open();
    expect(order).toEqual(['connecting', 'openObserver', 'open']);
    socket.close();
    sockets.last.closeClean(1000);
  });

  it('closeObserver is notified of the close of a connection, and of the end of the session in the wait after it', () => {
    const received: unknown[] = [];
    const { socket, sockets } = setUp({ closeObserver: { next: ({ code, opened }) => received.push([code, opened]) } });
    recorded(socket.pipeEvents(reconnectOnCode(after(1_000))).events);
    sockets.last.open();
    sockets.last.closeClean(1012);
    socket.close(4000);
    expect(received).toEqual([[1012, true], [4000, false]]);
  });

  const endings = ['close()', 'complete()', 'closeGracefully with an `until` that emits at once'];
  it.each(endings)('closingObserver is notified before Close is sent, by %s', (how) => {
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
  ])('S4: %s inside closingObserver does not change the shutdown under way', (_what, second) => {
    const { socket, sockets } = setUp({ closingObserver: { next: () => second(socket) } });
    const seen = recorded(socket.events);
    sockets.last.open();
    socket.close(4000, 'first');
    expect(sockets.last.closes).toEqual([[4000, 'first']]);
    sockets.last.closeClean(4000, 'first');
    expect(seen.log.slice(2)).toEqual(['close 4000 first clean local', 'complete']);
  });
});

const broken = (): never => {
  throw new Error('broken');
};

describe('a finalizer that throws', () => {
  const throwing = () => {
    const all = setUp();
    all.socket.pipe(finalize<number>(broken)).subscribe({ error: () => undefined });
    const others = [recorded(all.socket.events), recorded(all.socket.pipeEvents((events) => events).events)];
    all.sockets.last.open();
    return { ...all, others };
  };

  it.each([
    ['clean', 'complete'],
    ['unclean', 'WebSocketCloseError'],
  ])('S16: does not keep the terminal from other subscribers when the close is %s, and is reported on warnings', (how, terminal) => {
    const { socket, sockets, others, warnings } = throwing();
    if (how === 'clean') sockets.last.closeClean(1012);
    else sockets.last.drop();
    expect(others.map(({ log }) => log.at(-1))).toEqual([terminal, terminal]);
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'finalizer' }]);
    expect(socket.observed).toBe(false);
  });

  it('S16: does not interrupt unsubscribe(), and is reported on warnings', () => {
    const { socket, sockets, others, warnings } = throwing();
    socket.unsubscribe();
    expect([socket.observed, sockets.last.closes]).toEqual([false, [[1000]]]);
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'finalizer' }]);
    sockets.last.message(1);
    sockets.last.closeClean(1000);
    expect(others.map(({ log }) => log)).toEqual([['connecting 0', 'open 0'], ['connecting 0', 'open 0']]);
  });

  it('S16: does not keep the close from other subscribers where the close itself ends the subscription', () => {
    const { socket, sockets, warnings } = setUp();
    socket.events.pipe(closeEvent()).subscribe().add(broken);
    const other = recorded(socket.events);
    sockets.last.open();
    sockets.last.closeClean(1012);
    expect(other.log.slice(2)).toEqual(['close 1012 clean remote', 'complete']);
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'finalizer' }]);
  });

  it('S16: does not keep the end from another subscriber that waits for a retry', () => {
    const { socket, sockets } = setUp();
    const waiting = () => socket.events.pipe(reconnectOnCode(after(1_000)));
    waiting().subscribe().add(broken);
    const other = recorded(waiting());
    sockets.last.drop();
    socket.close(4000);
    expect(other.log.slice(2)).toEqual(['close 4000 clean local', 'complete']);
  });

  it('S16: does not keep unsubscribe() from another subscriber that waits for a retry', () => {
    const { socket, sockets, statuses } = setUp();
    const waiting = () => socket.events.pipe(reconnectOnCode(after(1_000)));
    waiting().subscribe().add(broken);
    const other = waiting().subscribe();
    sockets.last.drop();
    socket.unsubscribe();
    expect([other.closed, statuses.at(-1)?.state]).toEqual([true, 'closed']);
  });

  it('S16: of the messages of an open event does not keep the connection from ending', () => {
    const { socket, sockets } = setUp();
    const seen = recorded(socket.events);
    sockets.last.open();
    const [, open] = seen.events;
    const others: string[] = [];
    if (open?.type === 'open') {
      open.messages.subscribe().add(broken);
      open.messages.subscribe({ complete: () => others.push('complete') });
    }
    sockets.last.closeClean(1012);
    expect([seen.log.slice(2), others]).toEqual([['close 1012 clean remote', 'complete'], ['complete']]);
  });
});

describe('a teardown that throws', () => {
  const throwing = new Observable<never>(() => broken);
  const then = { operators: () => [] };
  const programs: Record<string, { config?: Partial<WebSocketSubjectConfig<number>>; operators: () => Parameters<ReturnType<typeof setUp>['socket']['pipeEvents']> }> = {
    'of url': { config: { url: () => throwing }, ...then },
    'of protocol': { config: { protocol: () => throwing }, ...then },
    'of the effect of onOpen': { operators: () => [onOpen(() => throwing)] },
    'of when': { operators: () => [closeGracefully(throwing)] },
    'of until': { operators: () => [closeGracefully(of(1), { until: throwing })] },
    'of wake': { operators: () => [reconnectOnCode(after(0), { wake: throwing })] },
    'of the signal of suspendWhile': { operators: () => [suspendWhile(throwing)] },
  };

  it.each(Object.entries(programs))('S16: %s does not keep the end from any subscriber, and is reported on warnings', (_what, { config = {}, operators }) => {
    const { socket, sockets, statuses, warnings } = setUp(config);
    const seen = recorded(socket.pipeEvents(...operators()).events);
    const other = recorded(socket.pipeEvents((events) => events).events);
    if (sockets.made.length > 0 && sockets.last.isAlive) sockets.last.open();
    socket.close(4000);
    if (sockets.made.length > 0) sockets.last.closeClean(4000);
    expect([seen.log.at(-1), other.log.at(-1), statuses.at(-1)?.state]).toEqual(['complete', 'complete', 'closed']);
    expect(warnings).toMatchObject([{ kind: 'callback', error: { errors: [new Error('broken')] } }]);
    expect(recorded(socket.events).log).toEqual(['connecting 0']);
    socket.close();
  });

  it.each(['url', 'protocol'] as const)('S16: of %s is not thrown at a source that completes while its value makes the transport', (name) => {
    let source: Subscriber<string> | undefined;
    const provided = new Observable<string>((subscriber) => {
      source = subscriber;
      return broken;
    });
    const complete = vi.fn(() => source?.complete());
    const transport = (): FakeSocket => {
      complete();
      return new FakeSocket('ws://fake');
    };
    const { socket, warnings } = setUp({ [name]: () => provided, transport });
    const seen = recorded(socket.events);
    source?.next('ws://fake');
    expect([complete.mock.results, seen.log]).toEqual([[{ type: 'return', value: undefined }], ['connecting 0']]);
    expect(warnings).toMatchObject([{ kind: 'callback', callback: name, error: { errors: [new Error('broken')] } }]);
    socket.close();
  });
});

import { finalize, from, Observable, of, Subscriber } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, closeEvent, closeGracefully, onOpen, reconnectOnCode, suspendWhile, type WebSocketSubjectConfig } from '../../src/index.js';
import { recorded } from './recorded.js';
import { manualServer, setUp } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

describe('observers in the config', () => {
  it('S12: openObserver is notified before the subscribers of events', () => {
    const order: string[] = [];
    const { socket, last } = setUp({ openObserver: { next: () => order.push('openObserver') } });
    socket.events.subscribe(({ type }) => order.push(type));
    last().accept();
    expect(order).toEqual(['connecting', 'openObserver', 'open']);
    socket.close();
  });

  it('closeObserver is notified of the close of a connection, and of the end of the session in the wait after it', () => {
    const received: unknown[] = [];
    const { socket, last } = setUp({ closeObserver: { next: ({ code, opened }) => received.push([code, opened]) } });
    recorded(socket.pipeEvents(reconnectOnCode(after(1_000))).events);
    last().accept();
    last().close(1012);
    socket.close(4000);
    expect(received).toEqual([[1012, true], [4000, false]]);
  });

  it('closeObserver is notified of the close of a connection that reconnect() replaces', () => {
    const received: unknown[] = [];
    const { socket, last } = setUp({ closeObserver: { next: ({ code }) => received.push(code) } });
    recorded(socket.events);
    last().accept();
    socket.reconnect();
    last().close(1000);
    expect(received).toEqual([1000]);
    socket.close();
  });

  it('S1: close() in openObserver ends the session without an `open`', () => {
    const { socket, last } = setUp({ openObserver: { next: () => socket.close(4000) } });
    const seen = recorded(socket.events);
    last().accept();
    last().close(4000);
    expect(seen.log).toEqual(['connecting 0', 'close 4000 clean local', 'complete']);
  });

  const endings = ['close()', 'complete()', 'closeGracefully with an `until` that emits at once'];
  it.each(endings)('closingObserver is notified before Close is sent, by %s', (how) => {
    const inObserver: unknown[] = [];
    const stopping = new AbortController();
    const { socket, last } = setUp({ closingObserver: { next: () => inObserver.push(last().closedWith) } });
    recorded(socket.pipeEvents(closeGracefully(stopping.signal, { until: of(1) })).events);
    last().accept();
    if (how === 'close()') socket.close();
    else if (how === 'complete()') socket.complete();
    else stopping.abort();
    expect([inObserver, last().closedWith]).toEqual([[null], { code: 1000, reason: '' }]);
  });

  it.each([
    ['close()', (socket: ReturnType<typeof setUp<number>>['socket']) => socket.close(4001, 'second')],
    ['error()', (socket: ReturnType<typeof setUp<number>>['socket']) => socket.error('second')],
  ])('S4: %s inside closingObserver does not change the shutdown under way', (_what, second) => {
    const { socket, last } = setUp({ closingObserver: { next: () => second(socket) } });
    const seen = recorded(socket.events);
    last().accept();
    socket.close(4000, 'first');
    expect(last().closedWith).toEqual({ code: 4000, reason: 'first' });
    last().close(4000, 'first');
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
    all.last().accept();
    return { ...all, others };
  };

  it.each([
    ['clean', 'complete'],
    ['unclean', 'WebSocketCloseError'],
  ])('S16: does not keep the terminal from other subscribers when the close is %s, and is reported on warnings', (how, terminal) => {
    const { socket, last, others, warnings } = throwing();
    if (how === 'clean') last().close(1012);
    else last().drop();
    expect(others.map(({ log }) => log.at(-1))).toEqual([terminal, terminal]);
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'finalizer' }]);
    expect(socket.observed).toBe(false);
  });

  it.each([0, 1])('S16: of a Subscriber of yours that leaves in a message is reported on warnings, beside %d other subscribers', (count) => {
    const { socket, last, warnings } = setUp();
    class Leaving extends Subscriber<number> {
      protected override _next(): void {
        this.unsubscribe();
      }
    }
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- RxJS uses a Subscriber of yours as it is, without a guard around it
    const leaving = new Leaving();
    leaving.add(broken);
    socket.subscribe(leaving);
    const others = Array.from({ length: count }, () => recorded(socket.events));
    last().accept();
    last().send(1);
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'finalizer' }]);
    expect(others.map(({ log }) => log.at(-1))).toEqual(others.map(() => 'message 1'));
    socket.close();
    last().close(1000);
  });

  it('S16: does not interrupt unsubscribe(), and is reported on warnings', () => {
    const { socket, last, others, warnings } = throwing();
    socket.unsubscribe();
    expect([socket.observed, last().closedWith]).toEqual([false, { code: 1000, reason: '' }]);
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'finalizer' }]);
    last().send(1);
    last().close(1000);
    expect(others.map(({ log }) => log)).toEqual([['connecting 0', 'open 0'], ['connecting 0', 'open 0']]);
  });

  it('S16: does not keep the close from other subscribers where the close itself ends the subscription', () => {
    const { socket, last, warnings } = setUp();
    socket.events.pipe(closeEvent()).subscribe().add(broken);
    const other = recorded(socket.events);
    last().accept();
    last().close(1012);
    expect(other.log.slice(2)).toEqual(['close 1012 clean remote', 'complete']);
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'finalizer' }]);
  });

  it('S16: does not keep the end from another subscriber that waits for a retry', () => {
    const { socket, last } = setUp();
    const waiting = () => socket.events.pipe(reconnectOnCode(after(1_000)));
    waiting().subscribe().add(broken);
    const other = recorded(waiting());
    last().drop();
    socket.close(4000);
    expect(other.log.slice(2)).toEqual(['close 4000 clean local', 'complete']);
  });

  it('S16: does not keep unsubscribe() from another subscriber that waits for a retry', () => {
    const { socket, last, statuses } = setUp();
    const waiting = () => socket.events.pipe(reconnectOnCode(after(1_000)));
    waiting().subscribe().add(broken);
    const other = waiting().subscribe();
    last().drop();
    socket.unsubscribe();
    expect([other.closed, statuses.at(-1)?.state]).toEqual([true, 'closed']);
  });

  it('S16: of the messages of an open event does not keep the connection from ending', () => {
    const { socket, last, warnings } = setUp();
    const seen = recorded(socket.events);
    last().accept();
    const [, open] = seen.events;
    const others: string[] = [];
    if (open?.type === 'open') {
      open.messages.subscribe().add(broken);
      open.messages.subscribe({ complete: () => others.push('complete') });
    }
    last().close(1012);
    expect([seen.log.slice(2), others]).toEqual([['close 1012 clean remote', 'complete'], ['complete']]);
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'finalizer' }]);
  });
});

it.each([['text'], [5], [null], [undefined], [{ type: 'close' }]])('an operator in pipeEvents that emits no socket event errors its subscribers with a TypeError: %j', (value) => {
  const { socket } = setUp();
  const seen = recorded(socket.pipeEvents(() => from([value as never])).events);
  expect(seen.error).toMatchObject({ name: 'TypeError', message: expect.stringMatching(/^pipeEvents: no socket event/) as string });
});

describe('a teardown that throws', () => {
  const throwing = new Observable<never>(() => broken);
  const then = { operators: () => [] };
  const programs: Record<string, { callback: string; config?: Partial<WebSocketSubjectConfig<number>>; operators: () => Parameters<ReturnType<typeof setUp<number>>['socket']['pipeEvents']> }> = {
    'of url': { callback: 'url', config: { url: () => throwing }, ...then },
    'of protocol': { callback: 'protocol', config: { protocol: () => throwing }, ...then },
    'of the effect of onOpen': { callback: 'waitUntil', operators: () => [onOpen(() => throwing)] },
    'of when': { callback: 'when', operators: () => [closeGracefully(throwing)] },
    'of until': { callback: 'until', operators: () => [closeGracefully(of(1), { until: throwing })] },
    'of wake': { callback: 'wake', operators: () => [reconnectOnCode(after(0), { wake: throwing })] },
    'of the signal of suspendWhile': { callback: 'suspendWhile', operators: () => [suspendWhile(throwing)] },
  };

  it.each(Object.entries(programs))('S16: %s does not keep the end from any subscriber, and is reported on warnings', (_what, { callback, config = {}, operators }) => {
    const { socket, last, server, statuses, warnings } = setUp(config);
    const seen = recorded(socket.pipeEvents(...operators()).events);
    const other = recorded(socket.pipeEvents((events) => events).events);
    if (server.connections.length > 0 && last().state === 'connecting') last().accept();
    socket.close(4000);
    if (server.connections.length > 0) last().close(4000);
    expect([seen.log.at(-1), other.log.at(-1), statuses.at(-1)?.state]).toEqual(['complete', 'complete', 'closed']);
    expect(warnings).toMatchObject([{ kind: 'callback', callback, error: { errors: [new Error('broken')] } }]);
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
    const transport = () => {
      complete();
      return new (manualServer().server.WebSocket)('ws://fake');
    };
    const { socket, warnings } = setUp({ [name]: () => provided, transport });
    const seen = recorded(socket.events);
    source?.next('ws://fake');
    vi.advanceTimersByTime(0);
    expect([complete.mock.results, seen.log]).toEqual([[{ type: 'return', value: undefined }], ['connecting 0']]);
    expect(warnings).toMatchObject([{ kind: 'callback', callback: name, error: { errors: [new Error('broken')] } }]);
    socket.close();
  });
});

import { BehaviorSubject, Observable as RxjsObservable, Subject, type Observer } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, closeGracefully, reconnectOnCode, suspendWhile, type ObservableLike } from '../../src/index.js';
import { recorded } from '../subject/recorded.js';
import { setUp } from '../subject/setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

type Notify = Pick<Observer<unknown>, 'next' | 'error' | 'complete'>;

/** A source of values, as an Observable of some kind. */
interface Source {
  readonly stream: ObservableLike<never>;
  readonly listeners: Set<Notify>;
}
const emit = ({ listeners }: Source, value: unknown): void => [...listeners].forEach((listener) => listener.next(value));

/** As the platform's: it calls functions without `this`, and hears only the signal. */
function ofThePlatform(first?: unknown): Source {
  const listeners = new Set<Notify>();
  const subscribe = ({ next, error, complete }: Notify, { signal }: { signal: AbortSignal }): void => {
    const bare = { next, error, complete };
    listeners.add(bare);
    signal.addEventListener('abort', () => listeners.delete(bare));
    if (first !== undefined) next(first);
  };
  return { stream: { subscribe }, listeners };
}

/** As that of another library, found by a key: it hears only `unsubscribe()`. */
function ofALibrary(key: PropertyKey, first?: unknown): Source {
  const listeners = new Set<Notify>();
  const inner = {
    subscribe(observer: Notify) {
      listeners.add(observer);
      if (first !== undefined) observer.next(first);
      return { unsubscribe: () => listeners.delete(observer) };
    },
  };
  // A `subscribe` of another meaning, such as that of a Redux store, does not count beside the key.
  return { stream: { [key]: () => inner, subscribe: () => { throw new Error('not this one'); } }, listeners };
}

function ofRxjs(first?: unknown): Source {
  const listeners = new Set<Notify>();
  const stream = new RxjsObservable<unknown>((subscriber) => {
    listeners.add(subscriber);
    if (first !== undefined) subscriber.next(first);
    return () => listeners.delete(subscriber);
  });
  return { stream: stream as RxjsObservable<never>, listeners };
}

const symbolObservable = (Symbol as { observable?: symbol }).observable;
const polyfilled = Symbol('observable');

describe.each<[string, (first?: unknown) => Source]>([
  ['an RxJS Observable', ofRxjs],
  ['an Observable of the platform', ofThePlatform],
  ["an object with '@@observable'", (first) => ofALibrary('@@observable', first)],
  ['an object with Symbol.observable, defined after RxJS was loaded', (first) => ofALibrary(polyfilled, first)],
])('%s', (_, make) => {
  beforeEach(() => Object.defineProperty(Symbol, 'observable', { value: polyfilled, configurable: true }));
  afterEach(() => {
    if (symbolObservable === undefined) Reflect.deleteProperty(Symbol, 'observable');
    else Object.defineProperty(Symbol, 'observable', { value: symbolObservable, configurable: true });
  });

  it('suspends, and is listened to until the session is over', () => {
    const source = make();
    const { socket, last, server } = setUp();
    const seen = recorded(socket.pipeEvents(suspendWhile(source.stream)).events);
    last().accept();
    emit(source, 'yes');
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
    last().close(1000);
    emit(source, true);
    emit(source, 0);
    expect(server.connections).toHaveLength(2);
    seen.unsubscribe();
    expect(source.listeners.size).toBe(0);
  });

  it('S5: suspends before a transport is made, when it is true at once', () => {
    const { socket, server } = setUp();
    const seen = recorded(socket.pipeEvents(suspendWhile(make(true).stream)).events);
    expect(server.connections).toEqual([]);
    seen.unsubscribe();
  });

  it('that fails is reported on `warnings`, and does not suspend any more', () => {
    const source = make(true);
    const { socket, server, warnings } = setUp();
    recorded(socket.pipeEvents(suspendWhile(source.stream)).events);
    for (const listener of source.listeners) listener.error('broken');
    expect(warnings).toEqual([{ kind: 'callback', callback: 'suspendWhile', error: 'broken' }]);
    expect(server.connections).toHaveLength(1);
    socket.close();
  });

  it('closes gracefully with its first value, and is not listened to any more', () => {
    const [source, until] = [make(), make()];
    const { socket, last } = setUp();
    const seen = recorded(socket.pipeEvents(closeGracefully(source.stream, { code: 4000, until: until.stream })).events);
    last().accept();
    emit(source, undefined);
    expect([source.listeners.size, until.listeners.size, last().closedWith]).toEqual([0, 1, null]);
    emit(until, 'reply');
    expect([until.listeners.size, last().closedWith]).toEqual([0, { code: 4000, reason: '' }]);
    last().close(4000);
    expect(seen.log.slice(2)).toEqual(['close 4000 clean local', 'complete']);
  });

  it('wakes a wait', () => {
    const source = make();
    const { socket, last, server } = setUp();
    const seen = recorded(socket.pipeEvents(reconnectOnCode(after(60_000), { wake: source.stream })).events);
    last().accept();
    last().close(1012);
    emit(source, 1);
    vi.advanceTimersByTime(1_000);
    expect(server.connections).toHaveLength(2);
    seen.unsubscribe();
    expect(source.listeners.size).toBe(0);
  });

  it('gives the URL, its first value, also at once', () => {
    const [later, atOnce] = [make(), make('ws://at-once')];
    const first = setUp({ url: () => later.stream });
    first.socket.subscribe();
    expect(first.server.connections).toEqual([]);
    emit(later, 'ws://later');
    const second = setUp({ url: () => atOnce.stream });
    second.socket.subscribe();
    expect([first.last().url, second.last().url]).toEqual(['ws://later/', 'ws://at-once/']);
    expect([later.listeners.size, atOnce.listeners.size]).toEqual([0, 0]);
    first.socket.close();
    second.socket.close();
  });

  it('that ends without a URL is a failed attempt', () => {
    const source = make();
    const seen = recorded(setUp({ url: () => source.stream }).socket.events);
    for (const listener of source.listeners) listener.complete();
    vi.advanceTimersByTime(1);
    expect(seen.log).toEqual(['connecting 0', 'close 1006 unclean transport', 'WebSocketCloseError']);
  });
});

it('a library that emits after it was unsubscribed is not heard', () => {
  const values: unknown[] = [];
  const stream = {
    subscribe(observer: Notify) {
      for (const value of [false, true, false, true]) {
        values.push(value);
        observer.next(value);
      }
    },
  };
  const { socket, server, statuses } = setUp();
  socket.status.subscribe(({ state }) => state === 'waiting' && socket.close());
  const seen = recorded(socket.pipeEvents(suspendWhile(stream as never)).events);
  expect([values.length, server.connections, statuses.at(-1)?.state]).toEqual([4, [], 'closed']);
  expect(seen.log.at(-1)).toBe('complete');
});

it.each<[string, () => unknown]>([
  ['suspendWhile', () => suspendWhile(Promise.resolve(true) as never)],
  ['invalid object', () => closeGracefully({} as never)],
  ['invalid object', () => closeGracefully(new Subject(), { until: {} as never })],
  ["'wake'", () => reconnectOnCode({}, { wake: {} as never })],
])('what is no signal is refused at once: %s', (name, make) => {
  expect(make).toThrow(TypeError);
  expect(make).toThrow(name);
});

it('an RxJS subject is a signal, too', () => {
  const { socket, server } = setUp();
  const signal = new BehaviorSubject<boolean>(true);
  recorded(socket.pipeEvents(suspendWhile(signal)).events);
  expect(server.connections).toEqual([]);
  socket.close();
});

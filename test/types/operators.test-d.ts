import { EMPTY, NEVER, map, retry } from 'rxjs';
import type { Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import { after, atMost, closeGracefully, exponential, heartbeat, messages, reconnectOnCode, stop, suspendWhile, webSocket, within } from '../../src/index.js';
import type { CodeTable, ReconnectPolicy, SocketEvent, SocketOperator, WebSocketSubject } from '../../src/index.js';

interface Quote {
  symbol: string;
}
type Ask = 'ask';

const socket = webSocket<Quote, Ask>('wss://quotes.example.com');

describe('pipeEvents', () => {
  it('returns a subject of the same two types', () => {
    expectTypeOf(socket.pipeEvents()).toEqualTypeOf<WebSocketSubject<Quote, Ask>>();
    expectTypeOf(socket.pipeEvents(reconnectOnCode())).toEqualTypeOf<WebSocketSubject<Quote, Ask>>();
    expectTypeOf(socket.pipeEvents(reconnectOnCode({ 4401: stop }), closeGracefully(NEVER))).toEqualTypeOf<WebSocketSubject<Quote, Ask>>();
    expectTypeOf(webSocket<Quote, Ask>('wss://quotes.example.com').pipeEvents(reconnectOnCode())).toEqualTypeOf<WebSocketSubject<Quote, Ask>>();
  });

  it('accepts RxJS operators that return socket events, and no others', () => {
    expectTypeOf(socket.pipeEvents(retry(3))).toEqualTypeOf<WebSocketSubject<Quote, Ask>>();
    expectTypeOf(socket.pipeEvents((events) => events)).toEqualTypeOf<WebSocketSubject<Quote, Ask>>();
    // @ts-expect-error numbers are not socket events
    socket.pipeEvents(map(() => 1));
    // @ts-expect-error messages are not socket events
    socket.pipeEvents(messages());
  });

  it('infers the events for an inline operator', () => {
    socket.pipeEvents((events) => {
      expectTypeOf(events).toEqualTypeOf<Observable<SocketEvent<Quote, Ask>>>();
      return events;
    });
  });
});

describe('an operator on socket events', () => {
  it('does not compile on messages', () => {
    // @ts-expect-error
    socket.pipe(reconnectOnCode());
    // @ts-expect-error
    socket.pipe(reconnectOnCode({ 1012: after(100) }));
    // @ts-expect-error
    socket.pipe(closeGracefully(EMPTY));
    // @ts-expect-error
    socket.asObservable().pipe(reconnectOnCode());
    // @ts-expect-error
    socket.pipe(messages());
  });

  it('compiles on events', () => {
    expectTypeOf(socket.events.pipe(reconnectOnCode())).toEqualTypeOf<Observable<SocketEvent<Quote, Ask>>>();
    expectTypeOf(socket.events.pipe(reconnectOnCode(), closeGracefully(NEVER), messages())).toEqualTypeOf<Observable<Quote>>();
  });

  it('does not compile on messages of other types either', () => {
    const texts = webSocket<string>('wss://quotes.example.com');
    // @ts-expect-error
    texts.pipe(reconnectOnCode());
    const objects = webSocket<{ type: string }>('wss://quotes.example.com');
    // @ts-expect-error
    objects.pipe(reconnectOnCode());
  });
});

describe('policies', () => {
  it('compose, and are the values of tables with codes and ranges as keys', () => {
    const policy: ReconnectPolicy = atMost(5, within(60_000, exponential({ base: 100, max: 1_000 })));
    const table: CodeTable = { 1012: policy, 4401: stop, '4000-4099': after(10) };
    expectTypeOf(reconnectOnCode<Quote, Ask>(table)).toExtend<SocketOperator<Quote, Ask>>();
    socket.pipeEvents(reconnectOnCode(({ attempt, closeEvent }) => (closeEvent.wasClean ? null : attempt * 10)));
  });

  it('are not plain numbers, and tables have no other keys', () => {
    // @ts-expect-error
    reconnectOnCode({ 1012: 100 });
    // @ts-expect-error
    reconnectOnCode({ restart: stop });
    // @ts-expect-error
    reconnectOnCode(() => 'soon');
  });
});

describe('closeGracefully', () => {
  it('accepts an observable, a promise or a signal', () => {
    socket.pipeEvents(closeGracefully(NEVER), closeGracefully(Promise.resolve()), closeGracefully(new AbortController().signal));
    socket.pipeEvents(closeGracefully(NEVER, { code: 4000, reason: 'bye', timeout: 100, until: Promise.resolve() }));
  });

  it('accepts nothing else', () => {
    // @ts-expect-error
    closeGracefully();
    // @ts-expect-error
    closeGracefully(1_000);
    // @ts-expect-error
    closeGracefully(NEVER, { codes: 4000 });
  });
});

describe('a signal', () => {
  interface PlatformObserver<T> {
    next?: (value: T) => void;
    error?: (error: unknown) => void;
    complete?: () => void;
  }
  /** As TypeScript will declare the platform's. */
  interface PlatformObservable<T> {
    subscribe(observer?: PlatformObserver<T> | ((value: T) => void), options?: { signal?: AbortSignal }): undefined;
  }

  it('may be an Observable of any kind', () => {
    const platform = {} as PlatformObservable<boolean>;
    suspendWhile(platform);
    suspendWhile({ '@@observable': () => platform });
    suspendWhile({ [Symbol.observable]: () => NEVER });
    closeGracefully(platform, { until: platform });
    reconnectOnCode({}, { wake: platform });
    webSocket({ url: () => ({}) as PlatformObservable<string> });
    // @ts-expect-error numbers
    suspendWhile({} as PlatformObservable<number>);
    // @ts-expect-error a promise
    suspendWhile(Promise.resolve(true));
    // @ts-expect-error booleans are no URLs
    webSocket({ url: () => platform });
  });
});

describe('heartbeat', () => {
  it('infers the types of the subject', () => {
    expectTypeOf(socket.pipeEvents(heartbeat({ ping: () => 'ask', isPong: ({ symbol }) => symbol === '' }))).toEqualTypeOf<WebSocketSubject<Quote, Ask>>();
    expectTypeOf(socket.pipeEvents(heartbeat({ expectEvery: 60_000, isPong: ({ symbol }) => symbol === '', hidePongs: true }))).toEqualTypeOf<WebSocketSubject<Quote, Ask>>();
    // @ts-expect-error the subject does not send numbers
    socket.pipeEvents(heartbeat({ ping: () => 1 }));
  });

  it('with expectEvery takes nothing that pings', () => {
    // @ts-expect-error
    heartbeat({ expectEvery: 60_000, every: 30_000 });
    // @ts-expect-error
    heartbeat({ expectEvery: 60_000, timeout: 5_000 });
    // @ts-expect-error
    heartbeat({ expectEvery: 60_000, ping: () => 'ask' });
  });

  it('takes options that were read from elsewhere, and may be undefined', () => {
    const read: { every?: number | undefined; timeout?: number | undefined } = {};
    heartbeat(read);
    heartbeat({ ...read, expectEvery: undefined });
  });
});

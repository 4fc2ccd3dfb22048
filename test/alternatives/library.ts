import { endWith, finalize, ignoreElements, retry, takeUntil, type Observable, type Observer } from 'rxjs';
import * as rxjsWebSocket from 'rxjs/webSocket';
import { WebSocket } from 'ws';
import * as websocketSubject from '../../src/index.js';

/** The keys of a config that the scenarios use. */
export interface Config<T> {
  url: string;
  WebSocketCtor?: unknown;
  serializer?(value: T): string;
  openObserver?: { next(event: unknown): void };
  closeObserver?: { next(event: unknown): void };
}

export type Subject<T> = Observable<T> & Observer<T> & {
  unsubscribe(): void;
  multiplex(subMsg: () => any, unsubMsg: () => any, messageFilter: (value: T) => boolean): Observable<T>;
};

/** A library, as the scenarios use it: each scenario runs on both. */
export interface Library {
  webSocket<T>(config: Config<T>): Subject<T>;
  /** Returns messages that reconnect once after an end, by the means of the library. */
  reconnectingOnce<T>(config: Config<T>): Observable<T>;
  /** Returns a subject that sends a greeting first on each connection, before the values that were given to `next()`. */
  greeting<T>(config: Config<T>, greeting: T): Subject<T>;
  /** As `reconnectingOnce`, with a ping at every tick. */
  pinging<T>(config: Config<T>, ping: T, ticks: Observable<unknown>): Observable<T>;
}

const rxjsSubject = <T>(config: Config<T>) =>
  rxjsWebSocket.webSocket<T>({ WebSocketCtor: WebSocket, ...config } as unknown as rxjsWebSocket.WebSocketSubjectConfig<T>);

/** `rxjs/webSocket` of the installed rxjs. It has no transport of its own in Node 20, so it gets the class of `ws`. */
export const rxjs: Library = {
  webSocket: rxjsSubject,
  reconnectingOnce: (config) => rxjsSubject(config).pipe(retry(1)),
  greeting: <T>(config: Config<T>, greeting: T) => {
    const socket = rxjsSubject({ ...config, openObserver: { next: () => socket.next(greeting) } });
    return socket;
  },
  pinging: (config, ping, ticks) => {
    const socket = rxjsSubject(config);
    const pings = ticks.subscribe(() => socket.next(ping));
    return socket.pipe(retry(1), finalize(() => pings.unsubscribe()));
  },
};

type OurConfig = websocketSubject.WebSocketSubjectConfig<any>;

/** This library, with config keys that rxjs/webSocket does not have. */
export function ours(options: Partial<OurConfig> = {}): Library {
  const { after, atMost, onOpen, reconnectOnCode, webSocket } = websocketSubject;
  const reconnectOnce = () => reconnectOnCode<any, any>(atMost(1, after(0)));
  const make = <T>(config: Config<T>) => webSocket<T>({ ...config, ...options } as OurConfig);
  return {
    webSocket: make,
    reconnectingOnce: (config) => make(config).pipeEvents(reconnectOnce()),
    greeting: (config, greeting) => make(config).pipeEvents(onOpen((open) => open.send(greeting))),
    pinging: <T>(config: Config<T>, ping: T, ticks: Observable<unknown>) => {
      // `open.send` sends on this connection alone, and the pings stop when it ends.
      const whileConnected = (open: websocketSubject.SocketOpen<T>) => takeUntil(open.messages.pipe(ignoreElements(), endWith(undefined)));
      const pings = onOpen<T, T>((open) => void ticks.pipe(whileConnected(open)).subscribe(() => open.send(ping)));
      return make(config).pipeEvents(pings, reconnectOnce());
    },
  };
}

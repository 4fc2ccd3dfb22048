import { endWith, finalize, ignoreElements, retry, takeUntil, type Observable, type Observer } from 'rxjs';
import * as rxjsWebSocket from 'rxjs/webSocket';
import { WebSocket } from 'ws';
import * as websocketSubject from '../../src/index.js';

/** What the programs put into a config. */
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

/** What a program is a function of. */
export interface Library {
  webSocket<T>(config: Config<T>): Subject<T>;
  /** Messages that go on, once, after an end: by the means that the library offers for it. */
  onceMore<T>(config: Config<T>): Observable<T>;
  /** The same, with a value that is sent first on each connection, so that what `next()` was given comes after it. */
  greeting<T>(config: Config<T>, greeting: T): Subject<T>;
  /** The same as `onceMore`, with a ping at every tick. */
  pinging<T>(config: Config<T>, ping: T, ticks: Observable<unknown>): Observable<T>;
}

const theirs = <T>(config: Config<T>) =>
  rxjsWebSocket.webSocket<T>({ WebSocketCtor: WebSocket, ...config } as unknown as rxjsWebSocket.WebSocketSubjectConfig<T>);

/** `rxjs/webSocket` of the installed rxjs. It has no transport of its own in Node 20, so it is given the one of `ws`. */
export const rxjs: Library = {
  webSocket: theirs,
  onceMore: (config) => theirs(config).pipe(retry(1)),
  greeting: <T>(config: Config<T>, greeting: T) => {
    const socket = theirs({ ...config, openObserver: { next: () => socket.next(greeting) } });
    return socket;
  },
  pinging: (config, ping, ticks) => {
    const socket = theirs(config);
    const pings = ticks.subscribe(() => socket.next(ping));
    return socket.pipe(retry(1), finalize(() => pings.unsubscribe()));
  },
};

type OurConfig = websocketSubject.WebSocketSubjectConfig<any>;

/** This library; `options` are those that rxjs/webSocket does not have and the program's author would choose. */
export function ours(options: Partial<OurConfig> = {}): Library {
  const { after, atMost, onOpen, reconnectOnCode, webSocket } = websocketSubject;
  const onceMore = () => reconnectOnCode<any, any>(atMost(1, after(0)));
  const make = <T>(config: Config<T>) => webSocket<T>({ ...config, ...options } as OurConfig);
  return {
    webSocket: make,
    onceMore: (config) => make(config).pipeEvents(onceMore()),
    greeting: (config, greeting) => make(config).pipeEvents(onOpen((open) => open.send(greeting))),
    pinging: <T>(config: Config<T>, ping: T, ticks: Observable<unknown>) => {
      // For as long as this connection lasts; `open.send` is of this connection alone.
      const ofThisConnection = (open: websocketSubject.SocketOpen<T>) => takeUntil(open.messages.pipe(ignoreElements(), endWith(undefined)));
      const pings = onOpen<T, T>((open) => void ticks.pipe(ofThisConnection(open)).subscribe(() => open.send(ping)));
      return make(config).pipeEvents(pings, onceMore());
    },
  };
}

import { retry, type Observable, type Observer } from 'rxjs';
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

export type Subject<T> = Observable<T> & Observer<T> & { unsubscribe(): void };

/** What a program is a function of. */
export interface Library {
  webSocket<T>(config: Config<T>): Subject<T>;
  /** Messages that go on, once, after an end: by the means that the library offers for it. */
  onceMore<T>(config: Config<T>): Observable<T>;
}

const theirs = <T>(config: Config<T>) =>
  rxjsWebSocket.webSocket<T>({ WebSocketCtor: WebSocket, ...config } as unknown as rxjsWebSocket.WebSocketSubjectConfig<T>);

/** `rxjs/webSocket` of the installed rxjs. It has no transport of its own in Node 20, so it is given the one of `ws`. */
export const rxjs: Library = {
  webSocket: theirs,
  onceMore: (config) => theirs(config).pipe(retry(1)),
};

type OurConfig = websocketSubject.WebSocketSubjectConfig<any>;

/** This library; `options` are those that rxjs/webSocket does not have and the program's author would choose. */
export function ours(options: Partial<OurConfig> = {}): Library {
  const { after, atMost, reconnectOnCode, webSocket } = websocketSubject;
  const make = <T>(config: Config<T>) => webSocket<T>({ ...config, ...options } as OurConfig);
  return {
    webSocket: make,
    onceMore: (config) => make(config).pipeEvents(reconnectOnCode(atMost(1, after(0)))),
  };
}

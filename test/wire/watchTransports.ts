import type { WebSocketCtor, WebSocketLike } from '../../src/index.js';
import { decodeValue } from './wireValue.js';

/** What became known of the transports of a subject. */
export interface Watched {
  readonly WebSocketCtor: WebSocketCtor;
  /** By the number of the connection, the values that its transport was given while it was open. */
  readonly taken: Map<number, number[]>;
  /** The most transports there ever were at once that were connecting or open. */
  mostLive: number;
}

/** Returns a class that makes real transports. The path of the URL is the number of the connection. */
export function watchTransports(Base: WebSocketCtor, took: (transport: object, id: number) => void): Watched {
  const made: WebSocketLike[] = [];
  const countLive = (): void => {
    const live = made.filter(({ readyState = 0 }) => readyState < 2).length;
    watched.mostLive = Math.max(watched.mostLive, live);
  };
  function WatchedSocket(url: string, protocols?: string | string[], options?: object): WebSocketLike {
    const transport = new (Base as new (...args: unknown[]) => WebSocketLike & EventTarget)(url, protocols, options);
    const { send } = transport as unknown as { send: (data: unknown) => void };
    const taken: number[] = [];
    watched.taken.set(Number(new URL(url).pathname.slice(1)), taken);
    transport.send = (data: unknown): void => {
      const wasOpen = transport.readyState === 1;
      send.call(transport, data);
      const id = decodeValue(data);
      // The standard's sockets forget in silence what they are given later.
      if (id === null || !wasOpen) return;
      taken.push(id);
      took(transport, id);
    };
    made.push(transport);
    countLive();
    transport.addEventListener('open', countLive);
    return transport;
  }
  const watched: Watched = { WebSocketCtor: WatchedSocket as unknown as WebSocketCtor, taken: new Map(), mostLive: 0 };
  return watched;
}

import { createElement, useSyncExternalStore, type ReactElement } from 'react';
import { scan, type Observable } from 'rxjs';
import { reconnectOnCode, webSocket, type SocketStatus } from '../../../src/index.js';

/** What `useSyncExternalStore` takes: made once, outside of components, so that `subscribe` stays the same function. */
export function storeOf<T>(source: Observable<T>, initial: T) {
  let present = initial;
  return {
    getSnapshot: () => present,
    subscribe(changed: () => void) {
      const subscription = source.subscribe({
        next(value) {
          present = value;
          changed();
        },
        error: () => undefined, // the status shows it
      });
      return () => subscription.unsubscribe();
    },
  };
}

export function makeQuotes(url: string) {
  // StrictMode subscribes twice in development: `linger` keeps the connection in between.
  const socket = webSocket<{ symbol: string; price: number }>({ url, linger: 500 }).pipeEvents(reconnectOnCode());
  const prices = storeOf(socket.pipe(scan((all, { symbol, price }) => ({ ...all, [symbol]: price }), {} as Record<string, number>)), {});
  const status = storeOf<SocketStatus>(socket.status, { state: 'idle', queued: 0 });

  return function Quotes(): ReactElement {
    const { state } = useSyncExternalStore(status.subscribe, status.getSnapshot, status.getSnapshot);
    const all = useSyncExternalStore(prices.subscribe, prices.getSnapshot, prices.getSnapshot);
    return createElement('p', null, `${state}: ${JSON.stringify(all)}`);
  };
}

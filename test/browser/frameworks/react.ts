import { createElement, Fragment, useSyncExternalStore, type ReactElement } from 'react';
import { share, tap, type Observable } from 'rxjs';
import { reconnectOnCode, webSocket, type SocketStatus } from '../../../src/index.js';
import { sessionsOf } from './sessions.js';

/**
 * Returns a store for `useSyncExternalStore`. Make it outside of components, so that `subscribe` stays the same function. All components that use it share
 * one subscription to the source, and the state outlives them.
 */
export function storeOf<T, State>(source: Observable<T>, initial: State, reduce: (state: State, value: T) => State) {
  let state = initial;
  const changes = source.pipe(
    tap((value) => (state = reduce(state, value))),
    share(),
  );
  return {
    getSnapshot: () => state,
    subscribe(changed: () => void) {
      const subscription = changes.subscribe(() => changed());
      return () => subscription.unsubscribe();
    },
  };
}

export function makeQuotes(url: string) {
  // StrictMode subscribes twice in development: `linger` keeps the connection in between.
  const socket = webSocket<{ symbol: string; price: number }>({ url, linger: 500 }).pipeEvents(reconnectOnCode());
  const { messages, reconnect } = sessionsOf(socket);
  const prices = storeOf(messages, {}, (all: Record<string, number>, { symbol, price }) => ({ ...all, [symbol]: price }));
  const status = storeOf<SocketStatus, SocketStatus>(socket.status, { state: 'idle', queued: 0 }, (_, next) => next);

  return function Quotes(): ReactElement {
    const { state } = useSyncExternalStore(status.subscribe, status.getSnapshot, status.getSnapshot);
    const all = useSyncExternalStore(prices.subscribe, prices.getSnapshot, prices.getSnapshot);
    return createElement(
      Fragment,
      null,
      createElement('p', null, `${state}: ${JSON.stringify(all)}`),
      createElement('button', { onClick: reconnect }, 'Reconnect'),
    );
  };
}

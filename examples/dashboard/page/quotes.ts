import { filter, firstValueFrom, tap, type Observable } from 'rxjs';
import { between, exponential, heartbeat, latestBy, onOpen, reconnectOnCode, stop, topics, webSocket } from 'websocket-subject';
import type { CaughtUp, Incoming, Outgoing, Quote } from './protocol.js';
import { client, currentToken } from './server.js';

/** The one connection of this page. Subscribing connects. */
export const socket = webSocket<Incoming, Outgoing>(`ws://${location.host}/quotes?client=${client}`).pipeEvents(
  // Logs in on each connection, before anything else is sent. A token in the URL would be in the logs of every proxy.
  onOpen(async (open) => {
    open.send({ op: 'login', token: await currentToken() });
    await firstValueFrom(open.messages.pipe(filter(({ op }) => op === 'welcome')));
  }),
  // The defaults are a ping every 25 s and 10 s for the answer. They are shorter here, so that you can watch them.
  heartbeat({ every: 3_000, timeout: 3_000, ping: () => ({ op: 'ping', at: performance.now() }) }),
  reconnectOnCode({
    4401: stop, // the token has expired: the next attempt would fail in the same way
    // The default delays suit many clients. They are shorter here, so that you can watch them:
    1006: exponential({ base: 1_000, factor: 2, max: 10_000 }), // by default up to 40 s from the fourth retry on
    1012: between(2_000, 5_000), // by default 5 to 30 s
    1013: between(6_000, 9_000), // by default 30 to 60 s
  }),
);

type OfRow = Quote | CaughtUp;
const isOfRow = (message: Incoming): message is OfRow => 'symbol' in message;

/** The number of the last quote of each symbol, so that the server can go on from there, also after a stop and a new login. */
const seen = new Map<string, number>();

/** Asks the server for each symbol that has a row, and again on each new connection. */
const ofSymbol = topics<Incoming, Outgoing, string>(socket, {
  keyOf: (message) => (isOfRow(message) ? message.symbol : undefined),
  subscribe: (symbol) => ({ op: 'watch', symbol, since: seen.get(symbol) ?? null }),
  unsubscribe: (symbol) => ({ op: 'unwatch', symbol }),
});

/** The messages of one row. All rows share the socket. */
export function row(symbol: string): Observable<OfRow> {
  return ofSymbol(symbol).pipe(filter(isOfRow), tap(({ seq }) => seen.set(symbol, seq)));
}

/** The rows that have changed, once for each frame of the screen, however fast the quotes arrive. */
export const changes = socket.pipe(filter(isOfRow), latestBy(({ symbol }) => symbol, { frame: true }));

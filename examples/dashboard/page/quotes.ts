import { between, exponential, heartbeat, reconnectOnCode, stop, webSocket, type SocketEvent } from 'websocket-subject';
import type { Incoming, Outgoing, QuotesMessage, Watch } from './protocol.js';
import { client, currentToken } from './server.js';

export const quotes = webSocket<Incoming, Outgoing>({
  url: async ({ signal }) => `ws://${location.host}/quotes?client=${client}&token=${await currentToken(signal)}`,
}).pipeEvents(
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

/** The last quote that was received. The library does not replay messages that were sent between two connections, so we ask the server for them. */
let last: Watch['since'] = null;

export interface Session {
  on(event: SocketEvent<Incoming, Outgoing>): void;
  /** Called with the round trip of each ping in milliseconds. */
  pingAnswered(ms: number): void;
  completed(): void;
  failed(error: unknown): void;
}

/** Subscribes, which connects. The session goes on across reconnects and ends when the stream does. */
export function connect(session: Session): void {
  quotes.events.subscribe({
    next: (event) => {
      if (event.type === 'open') event.send({ op: 'watch', since: last });
      if (event.type === 'message') {
        if (event.data.op === 'pong') session.pingAnswered(performance.now() - event.data.at);
        else last = lastOf(event.data) ?? last;
      }
      session.on(event);
    },
    complete: () => session.completed(), // the close was clean
    error: (error: unknown) => session.failed(error), // it was not
  });
}

function lastOf(message: QuotesMessage): Watch['since'] {
  const seq = message.quotes.at(-1)?.seq;
  const feed = message.op === 'caughtUp' ? message.feed : last?.feed;
  return seq === undefined || feed === undefined ? null : { feed, seq };
}

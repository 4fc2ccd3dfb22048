import { between, reconnectOnCode, stop, webSocket, type SocketEvent } from 'websocket-subject';
import type { Incoming, Outgoing } from './protocol.js';
import { client, currentToken } from './server.js';

export const quotes = webSocket<Incoming, Outgoing>({
  url: async ({ signal }) => `ws://${location.host}/quotes?client=${client}&token=${await currentToken(signal)}`,
}).pipeEvents(
  reconnectOnCode({
    4401: stop, // an expired token gets no better by being shown again
    1012: between(2_000, 5_000), // the defaults are 5 to 30 s here and 30 to 60 s for 1013:
    1013: between(6_000, 9_000), // right for a thousand clients, long for one who watches
  }),
);

/** The last quote that came: the library replays nothing that was missed between two connections, so we ask for it. */
let last: Outgoing['since'] = null;

export interface Session {
  on(event: SocketEvent<Incoming, Outgoing>): void;
  completed(): void;
  failed(error: unknown): void;
}

/** Subscribing connects. The session lives through reconnects and ends when the stream does. */
export function connect(session: Session): void {
  quotes.events.subscribe({
    next: (event) => {
      if (event.type === 'open') event.send({ op: 'watch', since: last });
      if (event.type === 'message') last = lastOf(event.data) ?? last;
      session.on(event);
    },
    complete: () => session.completed(), // the close was clean
    error: (error: unknown) => session.failed(error), // it was not
  });
}

function lastOf(message: Incoming): Outgoing['since'] {
  const seq = message.quotes.at(-1)?.seq;
  const feed = message.op === 'caughtUp' ? message.feed : last?.feed;
  return seq === undefined || feed === undefined ? null : { feed, seq };
}

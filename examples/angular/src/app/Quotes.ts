import { DOCUMENT, inject, Injectable } from '@angular/core';
import { after, atMost, exponential, heartbeat, reconnectOnCode, stop, webSocket } from 'websocket-subject';
import { injectWebSocket } from 'websocket-subject/angular';
import { Login } from './Login';
import type { Incoming, Outgoing } from './protocol';

/** The one connection of the application: every page that shows quotes shares it. */
@Injectable({ providedIn: 'root' })
export class Quotes {
  readonly #login = inject(Login);
  readonly #host = inject(DOCUMENT).location.host;

  readonly socket = injectWebSocket(() => {
    // No user is logged in: no socket. Another user gets another one.
    if (this.#login.user() === undefined) return undefined;
    return webSocket<Incoming, Outgoing>({
      url: `ws://${this.#host}/quotes`,
      // Not in the URL, which servers and proxies log.
      protocol: async ({ closeEvent }) => ['quotes.v1', `bearer.${await this.#login.token(closeEvent?.code === 4401)}`],
    }).pipeEvents(
      heartbeat({ every: 25_000, timeout: 10_000, ping: () => ({ op: 'ping' }), isPong: ({ op }) => op === 'pong', hidePongs: true }),
      reconnectOnCode({
        4401: atMost(2, after(0)), // the token has expired: `protocol` gets a new one
        4403: stop, // this user may not
        '3000-4999': exponential(),
      }),
    );
  });

  /** The last price of each symbol. */
  readonly prices = this.socket.fold<Readonly<Record<string, number>>>((prices, message) => (message.op === 'quote' ? { ...prices, [message.symbol]: message.price } : prices), {});

  /** How many quotes have come. */
  readonly count = this.socket.fold((count) => count + 1, 0);
}

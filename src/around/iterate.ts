import type { WebSocketSubject } from '../subject/WebSocketSubject.js';
import { Inbox } from './Inbox.js';
import type { InboxOptions } from './InboxOptions.js';

/**
 * Returns the messages of a subject for a `for await` loop, one at a time. While the loop is busy, a transport that can be paused (`ws`) makes the server
 * wait.
 *
 * The loop is one subscriber. It connects when it asks for the first message, and ends as the subject does, after all messages that came before: a clean
 * close ends the loop, anything else is thrown. Leaving the loop early unsubscribes; the last subscriber closes with `unsubscribeCode` (1000).
 *
 * All subscribers share one connection: while it is paused, none of them receives messages or the close. If a loop must not slow down the others, use
 * `pause: false` and an `overflow` that drops.
 *
 * @param socket - the subject; with `reconnectOnCode`, the loop goes on after a reconnect
 * @param options - see {@link InboxOptions}; all of them may be left out
 * @throws `TypeError` for an unknown option or an impossible value; the message names it
 *
 * @example
 * ```ts
 * import { iterate, webSocket } from 'websocket-subject';
 *
 * const socket = webSocket<{ price: number }>('wss://quotes.example.com');
 * for await (const { price } of iterate(socket)) {
 *   if (price > 100) break; // closes with 1000
 * }
 * ```
 */
export function iterate<In, Out>(socket: WebSocketSubject<In, Out>, options: InboxOptions = {}): AsyncIterableIterator<In> {
  const inbox = new Inbox('iterate', socket, options);
  let isConnected = false;
  return {
    next() {
      if (!isConnected) inbox.connect();
      isConnected = true;
      return inbox.take();
    },
    async return(value?: unknown) {
      inbox.leave();
      return { done: true, value: await value };
    },
    throw(error: Error) {
      inbox.leave();
      return Promise.reject(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

import { partsOf } from '../subject/partsOf.js';
import type { WebSocketSubject } from '../subject/WebSocketSubject.js';
import { Inbox } from './Inbox.js';
import { inboxLimits, type InboxOptions } from './InboxOptions.js';

/**
 * Returns the messages of a subject for `for await`: one at a time, and the server must wait while the loop is busy, where the transport can be paused
 * (`ws`).
 *
 * The loop is one subscriber: it connects when it asks for the first message, and ends as the stream does, after all messages that came before. A
 * clean close ends the loop; anything else is thrown. Leaving the loop early unsubscribes: the last subscriber closes the connection with
 * `unsubscribeCode` (1000).
 *
 * While the transport is paused, no subscriber receives anything of the server, neither messages nor its close: there is one connection. A consumer that
 * must not slow down the others uses `pause: false` and an `overflow` that drops.
 *
 * @param socket - the subject; one with `reconnectOnCode` gives a loop that goes on after a reconnect.
 * @param options - an unknown key or an impossible value throws a `TypeError` that names it.
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
  const { source } = partsOf<In, Out>('iterate', socket).multicast;
  const inbox = new Inbox<In, Out>(inboxLimits('iterate', options));
  let isConnected = false;
  return {
    next() {
      if (!isConnected) {
        isConnected = true;
        inbox.connect(source);
      }
      return inbox.take();
    },
    async return(value?: unknown) {
      inbox.leave();
      return { done: true, value: await value };
    },
    throw(error: unknown) {
      inbox.leave();
      return Promise.resolve().then(() => {
        throw error;
      });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

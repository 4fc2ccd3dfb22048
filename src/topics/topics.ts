import { Observable } from 'rxjs';
import { requireDelay, requireFunction, requireOptions } from '../config/checkArguments.js';
import { partsOf } from '../subject/partsOf.js';
import type { WebSocketSubject } from '../subject/WebSocketSubject.js';
import { TopicRun } from './TopicRun.js';
import type { TopicsOptions } from './TopicsOptions.js';

export type { TopicsOptions } from './TopicsOptions.js';

/**
 * Splits the messages of a subject by key, and asks the server for each key that has consumers, once per connection.
 *
 * On an open connection the first consumer of a key sends `subscribe` at once, and the last one to unsubscribe sends `unsubscribe`. Requests never wait in
 * the outbox. When the connection is open and the work of `waitUntil` is done, `topics` asks for all keys that have consumers, in the order of their first
 * subscription, before the outbox is sent. A consumer that unsubscribes before that sends nothing. `unsubscribe` is sent only on a connection on which the
 * key was requested. With RxJS's `retry` inside `pipeEvents`, a key whose consumer subscribes while the close is delivered is requested twice.
 *
 * If the server can end one key, `end` returns that key: its consumers complete, and nothing is sent.
 *
 * Subscribing to a topic connects. The last consumer of the last topic, after its grace, unsubscribes from the subject. When a session ends, its topics end
 * as the subject does: a clean close completes them, an unclean one errors them. Later consumers begin a new session. Call `topics` once per subject: two
 * calls do not know each other's keys.
 *
 *     socket                 -c-o---a1-b1-a2--r----c-o---a3-...     r: the connection was lost
 *     topic('a')             ^------a1----a2-------------a3-...
 *     topic('b')             ^---------b1-!
 *     sent                      sa,sb     ub         sa             s: subscribe, u: unsubscribe
 *
 * @param socket - the subject; with `reconnectOnCode`, topics go on after a reconnect
 * @param options - see {@link TopicsOptions}
 * @returns a function from a key to an Observable of its messages; it throws a `TypeError` for `undefined`
 * @throws `TypeError` when a callback is missing or not a function, or `grace` is not a number; `RangeError` when `grace` is `NaN`, negative or too
 *   long
 *
 * @example
 * ```ts
 * import { reconnectOnCode, topics, webSocket } from 'websocket-subject';
 *
 * type Quote = { symbol: string; seq: number; price: number };
 * type Request = { op: 'sub'; symbol: string; since?: number } | { op: 'unsub'; symbol: string };
 *
 * const socket = webSocket<Quote, Request>('wss://quotes.example.com').pipeEvents(reconnectOnCode());
 * const quotes = topics(socket, {
 *   keyOf: (quote) => quote.symbol,
 *   subscribe: (symbol, last) => ({ op: 'sub', symbol, ...(last && { since: last.seq }) }),
 *   unsubscribe: (symbol) => ({ op: 'unsub', symbol }),
 *   grace: 1_000,
 * });
 * quotes('EURUSD').subscribe(({ price }) => console.log(price));
 * quotes('EURUSD').subscribe(({ seq }) => console.log(seq)); // one request for both
 * ```
 */
export function topics<In, Out, Key>(socket: WebSocketSubject<In, Out>, options: TopicsOptions<In, Out, Key>): (key: Key) => Observable<In> {
  const parts = partsOf<In, Out>('topics(socket)', socket);
  const { end, keyOf, subscribe, unsubscribe, grace } = requireOptions('topics: options', options);
  for (const [name, callback] of Object.entries({ keyOf, subscribe, unsubscribe })) requireFunction(`topics: ${name}`, callback);
  if (end !== undefined) requireFunction('topics: end', end);
  if (grace !== undefined) requireDelay('topics: grace', grace);
  let run: TopicRun<In, Out, Key> | undefined;

  return (key) => {
    if (key === undefined) throw new TypeError('topics: undefined is no key: `keyOf` returns it for a message that belongs to no topic');
    return new Observable<In>((subscriber) => {
      if (run?.isJoinable !== true) run = new TopicRun(parts, options);
      run.join(key, subscriber);
    });
  };
}

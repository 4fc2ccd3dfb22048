import { Observable, type Subscriber } from 'rxjs';
import { requireDelay, requireFunction, requireOptions } from '../config/checkArguments.js';
import { partsOf } from '../subject/partsOf.js';
import type { WebSocketSubject } from '../subject/WebSocketSubject.js';
import { TopicRun, type RunOwner } from './TopicRun.js';

/** How {@link topics} sorts messages, and what it asks the server for. */
export interface TopicsOptions<In, Out, Key> {
  /**
   * Returns the key of a message: anything that can be a key of a `Map`. It is called once for each message; `undefined` means that the message belongs
   * to no topic. When it throws, that is reported on `warnings`, and the message is dropped.
   */
  keyOf(message: In): Key | undefined;
  /**
   * Makes the message that asks for a key, on each connection, when it may be sent. `last` is the last message that arrived for this key, so that a server
   * can go on from there; `undefined` for none. Return `undefined` to send nothing; the key then counts as asked for. What it throws is the error of this
   * key's consumers, as is a `SerializeError`.
   */
  subscribe(key: Key, last: In | undefined): Out | undefined;
  /**
   * Makes the message that ends a key, when its last consumer has unsubscribed, on the connection that was asked for it; return `undefined` to send
   * nothing. What it throws is reported on `warnings`.
   */
  unsubscribe(key: Key): Out | undefined;
  /** Milliseconds for which a key is kept after its last consumer. Default 0. A consumer that comes meanwhile takes it over, and nothing is sent. */
  readonly grace?: number | undefined;
}

/**
 * Splits the messages of a subject by their keys: the server is asked once for each key that has consumers, however many, and on each connection anew.
 *
 * On an open connection the first consumer of a key sends `subscribe` at once, and the last one that unsubscribes sends `unsubscribe`. While there is no
 * connection nothing waits in the outbox: when it opens, and the work of `waitUntil` is done, all keys that have consumers are asked for, in the order of
 * their first subscription, before the outbox. A consumer that unsubscribes before that sends nothing, and no connection receives the end of a key that it
 * was not asked for.
 *
 * Subscribing to a topic connects; the last consumer of the last topic, after its grace, unsubscribes from the subject. The end of a session ends every
 * topic of it as it ends the subject: clean completes, unclean errors. Later consumers begin a new session. Use one `topics` per subject: two of them do
 * not know each other's keys.
 *
 *     socket                 -c-o---a1-b1-a2--r----c-o---a3-...     r: the connection was lost
 *     topic('a')             ^------a1----a2-------------a3-...
 *     topic('b')             ^---------b1-!
 *     sent                      sa,sb     ub         sa             s: subscribe, u: unsubscribe
 *
 * @param socket - the subject; one with `reconnectOnCode` has topics that go on after a reconnect.
 * @param options - a `TypeError` is thrown where a function is missing, a `TypeError` or a `RangeError` for an impossible `grace`.
 * @returns a function from a key to its messages. Each call returns an Observable of the same topic. `undefined` throws a `TypeError`.
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
 * quotes('EURUSD').subscribe(({ seq }) => console.log(seq)); // the server is asked once
 * ```
 */
export function topics<In, Out, Key>(socket: WebSocketSubject<In, Out>, options: TopicsOptions<In, Out, Key>): (key: Key) => Observable<In> {
  const parts = partsOf<In, Out>('topics(socket)', socket);
  const { keyOf, subscribe, unsubscribe, grace = 0 } = requireOptions('topics(socket, options)', options);
  for (const [name, given] of Object.entries({ keyOf, subscribe, unsubscribe })) requireFunction(`topics: ${name}`, given);
  const ms = requireDelay('topics: grace', grace);
  let current: TopicRun<In, Out, Key> | null = null;

  const join = (key: Key, subscriber: Subscriber<In>): void => {
    if (subscriber.closed) return;
    if (current?.isJoinable === true) {
      current.join(key, subscriber);
      return;
    }
    const owner: RunOwner<In, Key> = {
      join,
      ended: () => {
        if (current === run) current = null;
      },
    };
    const run = new TopicRun(parts, options, ms, owner);
    current = run;
    run.join(key, subscriber);
    run.start();
  };

  return (key) => {
    if (key === undefined) throw new TypeError('topics: undefined is no key: `keyOf` returns it for a message that belongs to no topic');
    return new Observable<In>((subscriber) => join(key, subscriber));
  };
}

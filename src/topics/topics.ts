import { Observable, type Subscriber } from 'rxjs';
import { requireDelay } from '../policy/requireDelay.js';
import { requireFunction } from '../policy/requireFunction.js';
import { requireOptions } from '../policy/requireOptions.js';
import { partsOf } from '../subject/partsOf.js';
import type { WebSocketSubject } from '../subject/WebSocketSubject.js';
import { TopicRun, type RunOwner } from './TopicRun.js';

/** How {@link topics} tells messages apart, and what it asks the server for. */
export interface TopicsOptions<In, Out, Key> {
  /**
   * The key of a message: anything that can be a key of a `Map`. It is asked once for each message; `undefined` means that the message belongs to no
   * topic. When it throws, that is told on `warnings`, and the message goes to nobody.
   */
  keyOf(message: In): Key | undefined;
  /**
   * Makes the message that asks for a key, on each connection, when it may be sent. `last` is the last message that came for this key, so that a server
   * can go on from there; `undefined` for none. `undefined` sends nothing, and the key counts as asked for. What it throws is the error of this key's
   * consumers, as is a `SerializeError`, which a `Blob` gives too: it could not be sent at once.
   */
  subscribe(key: Key, last: In | undefined): Out | undefined;
  /**
   * Makes the message that ends a key, when the last consumer has left, on the very connection that was asked for it; `undefined` sends nothing. What it
   * throws is told on `warnings`.
   */
  unsubscribe(key: Key): Out | undefined;
  /** Ms for which a key is kept after its last consumer; 0. One who comes meanwhile takes it over, and nothing is sent. */
  readonly grace?: number | undefined;
}

/**
 * The messages of a subject by their keys: the server is asked once for each key that has consumers, however many, and on each connection anew.
 *
 * On an open connection one who is a key's first consumer has `subscribe` sent at once, and `unsubscribe` is sent after the last one. While there is no
 * connection nothing waits in the outbox: when it opens, and the work of `waitUntil` is done, all keys that have consumers are asked for, in the order of
 * their first subscription, before the outbox. One who leaves before that sends nothing, and no connection is told the end of a key that it was not
 * asked for.
 *
 * Subscribing to a topic connects; with the last consumer of the last topic, after its grace, the subject is left. The end of a session ends every topic
 * of it as it ends the subject: clean completes, unclean errors. Who subscribes then begins a new session. One `topics` a subject is enough: two of them
 * know nothing of each other's keys.
 *
 *     socket                 -c-o---a1-b1-a2--r----c-o---a3-...     r: the connection was lost
 *     topic('a')             ^------a1----a2-------------a3-...
 *     topic('b')             ^---------b1-!
 *     sent                      sa,sb     ub         sa             s: subscribe, u: unsubscribe
 *
 * @param socket - the subject, or a face of it: one with `reconnectOnCode` has its topics go on after a reconnect.
 * @param options - a `TypeError` is thrown for what is no function, a `TypeError` or a `RangeError` for an impossible `grace`.
 * @returns a function from a key to its messages. Each call gives an Observable of the same topic. `undefined` throws a `TypeError`.
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
  const parts = partsOf<In, Out>(socket);
  if (parts === undefined) throw new TypeError('topics(socket): what was given is no WebSocketSubject');
  const { keyOf, subscribe, unsubscribe, grace } = requireOptions('topics(socket, options)', options);
  requireFunction('topics(socket, { keyOf })', keyOf);
  requireFunction('topics(socket, { subscribe })', subscribe);
  requireFunction('topics(socket, { unsubscribe })', unsubscribe);
  const ms = grace === undefined ? 0 : requireDelay('topics(socket, { grace })', grace);
  let current: TopicRun<In, Out, Key> | null = null;

  const join = (key: Key, subscriber: Subscriber<In>): void => {
    if (subscriber.closed) return;
    if (current !== null && current.epoch === parts.core.epoch) {
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
    if (key === undefined) throw new TypeError('topics: undefined is no key, since `keyOf` gives it for a message that belongs to no topic');
    return new Observable<In>((subscriber) => join(key, subscriber));
  };
}

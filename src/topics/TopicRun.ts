import { Subscription, type Subscriber } from 'rxjs';
import { startTimer } from '../connection/Environment.js';
import { EventQueue } from '../session/EventQueue.js';
import { handleOf, type ControlEvent } from '../session/events.js';
import type { OpenConnection } from '../session/OpenConnection.js';
import { removeFrom } from '../session/removeFrom.js';
import type { Sink } from '../session/source.js';
import type { SubjectParts } from '../subject/partsOf.js';
import { Topic } from './Topic.js';
import type { TopicsOptions } from './TopicsOptions.js';

/** The topics of one subscription to the subject, from the first consumer to the end of the session, or until no topic is left. */
export class TopicRun<In, Out, Key> implements Sink<In, Out> {
  readonly #parts: SubjectParts<In, Out>;
  readonly #options: TopicsOptions<In, Out, Key>;
  readonly #subscription = new Subscription();
  /** In the order of first subscription; those in their grace are among them. */
  readonly #topics = new Map<Key, Topic<In, Key>>();
  /** Sends one request after another, also when a callback causes the next one. */
  readonly #queue = new EventQueue();
  #open: OpenConnection<In, Out> | null = null;
  #isStarted = false;
  #isOver = false;

  constructor(parts: SubjectParts<In, Out>, options: TopicsOptions<In, Out, Key>) {
    this.#parts = parts;
    this.#options = options;
  }

  /** Whether consumers that subscribe now belong to its session (S7). */
  get isJoinable(): boolean {
    return !this.#isOver && (!this.#isStarted || this.#parts.multicast.isShared(this.#subscription));
  }

  /** Adds a consumer; the first one subscribes to the subject. */
  join(key: Key, consumer: Subscriber<In>): void {
    const topic = this.#topics.get(key) ?? new Topic<In, Key>(key);
    this.#topics.set(key, topic);
    topic.add(consumer);
    consumer.add(() => this.#left(topic));
    this.#update(topic);
    if (this.#isStarted) return;
    this.#isStarted = true;
    // `unsubscribe()` of the subject gives no terminal.
    this.#subscription.add(() => this.#end((subscriber) => subscriber.unsubscribe()));
    this.#parts.multicast.source(this, this.#subscription);
  }

  readonly message = (message: In): void => {
    let key: Key | undefined;
    try {
      key = this.#options.keyOf(message);
    } catch (error) {
      this.#warn('keyOf', error);
      return;
    }
    const topic = key === undefined ? undefined : this.#topics.get(key);
    if (this.#options.end === undefined) this.#deliver(message, topic);
    else this.#deliverLast(message, topic);
  };

  #deliver(message: In, topic: Topic<In, Key> | undefined): void {
    if (topic?.nextOnly(message) === false) this.#forEach(topic, (consumer) => consumer.next(message));
  }

  /** Delivers a message that may end a key. */
  #deliverLast(message: In, topic: Topic<In, Key> | undefined): void {
    let ended: Topic<In, Key> | undefined;
    try {
      const key = this.#options.end?.(message) ?? undefined;
      ended = key === undefined ? undefined : this.#topics.get(key);
    } catch (error) {
      this.#warn('end', error);
    }
    // Before delivering: a consumer that unsubscribes in this message must not send `unsubscribe`, and one that subscribes meanwhile must request the key again.
    if (ended !== undefined) this.#topics.delete(ended.key);
    this.#deliver(message, topic);
    if (ended === undefined) return;
    this.#endTopic(ended, (consumer) => consumer.complete());
    this.#endIfUnused();
  }

  event(event: ControlEvent<In, Out>): void {
    this.#open = event.type === 'open' ? handleOf(event) : null;
    this.#open?.beforeOutbox.push(this.#updateAll);
    this.#updateAll();
  }

  complete(): void {
    this.#end((consumer) => consumer.complete());
  }

  error(error: unknown): void {
    this.#end((consumer) => consumer.error(error));
  }

  #left(topic: Topic<In, Key>): void {
    topic.removed();
    if (topic.isWanted || this.#topics.get(topic.key) !== topic) return;
    const { grace = 0 } = this.#options;
    if (grace > 0) {
      topic.graceTimer = startTimer(this.#parts.core.environment, grace, () => {
        topic.graceTimer = undefined;
        this.#update(topic);
      });
    }
    this.#update(topic);
  }

  readonly #updateAll = (): void => {
    for (const topic of this.#topics.values()) this.#update(topic);
  };

  /** Sends `subscribe` or `unsubscribe` for the topic, if that is due and may be sent now. */
  #update(topic: Topic<In, Key>): void {
    this.#queue.run(() => {
      if (this.#topics.get(topic.key) !== topic) return;
      // A connection that cannot send any more ends, and its topics with it.
      const open = this.#open?.connection.canSend === true ? this.#open : null;
      const isAsked = open !== null && topic.askedOn === open;
      if (topic.isWanted) {
        // Like the outbox, requests wait for `waitUntil` work (S12).
        if (open?.mayRequest === true && !isAsked) this.#subscribe(topic, open);
      } else if (topic.graceTimer === undefined) {
        this.#topics.delete(topic.key);
        if (isAsked) this.#unsubscribe(topic, open);
        this.#endIfUnused();
      }
    });
  }

  #subscribe(topic: Topic<In, Key>, open: OpenConnection<In, Out>): void {
    try {
      const message = this.#options.subscribe(topic.key, topic.last);
      // The callback may have unsubscribed the consumers, begun a login, or closed the connection.
      if (!topic.isWanted || !open.mayRequest || !open.connection.canSend) return;
      // Set before sending: a mock may answer within the call.
      topic.askedOn = open;
      if (message !== undefined) open.send(message);
    } catch (error) {
      if (!topic.isWanted) this.#warn('subscribe', error);
      this.#topics.delete(topic.key);
      this.#endTopic(topic, (consumer) => consumer.error(error));
      this.#endIfUnused();
    }
  }

  #unsubscribe(topic: Topic<In, Key>, open: OpenConnection<In, Out>): void {
    try {
      const message = this.#options.unsubscribe(topic.key);
      if (message !== undefined && open.connection.canSend) open.send(message);
    } catch (error) {
      // The consumers receive no error any more.
      this.#warn('unsubscribe', error);
    }
  }

  #endIfUnused(): void {
    if (this.#topics.size === 0) this.#end(() => undefined);
  }

  #end(act: (consumer: Subscriber<In>) => void): void {
    if (this.#isOver) return;
    // Over first: a consumer that subscribes meanwhile gets a new run.
    this.#isOver = true;
    const topics = [...this.#topics.values()];
    this.#topics.clear();
    for (const topic of topics) this.#endTopic(topic, act);
    this.#subscription.unsubscribe();
    if (this.#open) removeFrom(this.#open.beforeOutbox, this.#updateAll);
  }

  #endTopic(topic: Topic<In, Key>, act: (consumer: Subscriber<In>) => void): void {
    topic.stopGrace();
    this.#forEach(topic, act);
  }

  /** A consumer that ends runs teardowns of yours, and RxJS lets them throw: the others must still be notified (S16). */
  #forEach(topic: Topic<In, Key>, act: (consumer: Subscriber<In>) => void): void {
    // A copy: a consumer that joins meanwhile is not notified.
    for (const consumer of topic.consumers) {
      try {
        if (!consumer.closed) act(consumer);
      } catch (error) {
        this.#warn('finalizer', error);
      }
    }
  }

  #warn(callback: string, error: unknown): void {
    this.#parts.core.warn({ kind: 'callback', callback, error });
  }
}

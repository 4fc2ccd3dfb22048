import { Subscription, type Subscriber } from 'rxjs';
import { startTimer } from '../connection/Environment.js';
import { EventQueue } from '../session/EventQueue.js';
import { handleOf, type ControlEvent, type SocketOpen } from '../session/events.js';
import { sessionOf, type SessionLink } from '../session/link.js';
import type { Sink } from '../session/source.js';
import type { SubjectParts } from '../subject/partsOf.js';
import { Topic } from './Topic.js';
import type { TopicsOptions } from './topics.js';

/** What a run notifies of its end, and passes the consumers to that came too late for it. */
export interface RunOwner<In, Key> {
  ended(): void;
  join(key: Key, subscriber: Subscriber<In>): void;
}

/** The topics of one subscription to the subject, from the first consumer to the end of the session, or until the last consumer unsubscribes. */
export class TopicRun<In, Out, Key> implements Sink<In, Out> {
  readonly #parts: SubjectParts<In, Out>;
  readonly #options: TopicsOptions<In, Out, Key>;
  readonly #grace: number;
  readonly #owner: RunOwner<In, Key>;
  readonly #subscription = new Subscription();
  /** In the order of first subscription; those in their grace are among them. */
  readonly #topics = new Map<Key, Topic<In, Key>>();
  /** Topics without consumers on a connection that was asked for them and must not be told now. */
  #leaving: Topic<In, Key>[] = [];
  /** Sends one request after another, also when a callback causes the next one. */
  readonly #queue = new EventQueue();
  #session: SessionLink<In, Out> | undefined;
  #open: SocketOpen<In, Out> | null = null;
  /** Consumers that came while the close or the terminal was delivered: an operator may still turn a close into another connection. */
  #late: [key: Key, subscriber: Subscriber<In>][] = [];
  #isStarted = false;
  #isOver = false;

  constructor(parts: SubjectParts<In, Out>, options: TopicsOptions<In, Out, Key>, grace: number, owner: RunOwner<In, Key>) {
    this.#parts = parts;
    this.#options = options;
    this.#grace = grace;
    this.#owner = owner;
  }

  /** Whether consumers that come now belong to its session (S7). */
  get isJoinable(): boolean {
    return this.#session?.isDetached !== true;
  }

  /** Subscribes to the subject, for a consumer that has joined. */
  start(): void {
    this.#isStarted = true;
    this.#subscription.add(() => this.#unsubscribed());
    this.#parts.multicast.source(this, this.#subscription);
  }

  join(key: Key, subscriber: Subscriber<In>): void {
    if (this.#isStarted && !this.#parts.multicast.isShared(this.#subscription)) {
      this.#late.push([key, subscriber]);
      return;
    }
    const topic = this.#topics.get(key) ?? new Topic<In, Key>(key);
    this.#topics.set(key, topic);
    topic.add(subscriber);
    subscriber.add(() => {
      topic.removed();
      if (!topic.isWanted && this.#has(topic)) this.#startGrace(topic);
    });
    this.#queue.run(() => this.#subscribe(topic));
  }

  readonly message = (message: In): void => {
    let key: Key | undefined;
    try {
      key = this.#options.keyOf(message);
    } catch (error) {
      this.#parts.core.warn({ kind: 'callback', callback: 'keyOf', error });
      return;
    }
    if (key !== undefined) this.#topics.get(key)?.next(message);
  };

  event(event: ControlEvent<In, Out>): void {
    this.#session = sessionOf(event) ?? this.#session;
    if (event !== this.#open) {
      this.#forgetConnection();
      this.#open = null;
      this.#leaving = [];
    }
    if (event.type === 'open') {
      this.#open = event;
      handleOf(event).beforeOutbox.push(this.#sendAll);
      this.#sendAll();
    }
    this.#joinLate();
  }

  complete(): void {
    this.#end((subscriber) => subscriber.complete());
  }

  error(error: unknown): void {
    this.#end((subscriber) => subscriber.error(error));
  }

  #has(topic: Topic<In, Key>): boolean {
    return this.#topics.get(topic.key) === topic;
  }

  #forgetConnection(): void {
    if (this.#open === null) return;
    const { beforeOutbox } = handleOf(this.#open);
    const at = beforeOutbox.indexOf(this.#sendAll);
    if (at >= 0) beforeOutbox.splice(at, 1);
  }

  /** Sends all requests that the open connection has not received yet, where they may be sent. */
  readonly #sendAll = (): void => {
    this.#queue.run(() => {
      for (const topic of this.#leaving.splice(0)) this.#unsubscribe(topic);
      for (const topic of this.#topics.values()) this.#subscribe(topic);
      if (this.#isOver && this.#leaving.length === 0) this.#forgetConnection();
    });
  };

  #subscribe(topic: Topic<In, Key>): void {
    const open = this.#open;
    if (open === null) return;
    // S12: not while a login holds the outbox.
    const isDue = (): boolean => topic.askedOn !== open && topic.isWanted && handleOf(open).isFlowing;
    if (!isDue()) return;
    try {
      const message = this.#options.subscribe(topic.key, topic.last);
      // The callback may have unsubscribed the consumers, or begun another login.
      if (!isDue()) return;
      // Before it is sent: a mock answers within that, and the answer may be all that the consumer wants.
      topic.askedOn = open;
      send(open, message);
    } catch (error) {
      this.#fail(topic, error);
    }
  }

  #unsubscribe(topic: Topic<In, Key>): void {
    const open = this.#open;
    // A connection that ends, or another one, needs no request.
    if (open === null || topic.askedOn !== open || this.#session?.isFinal === true) return;
    if (!handleOf(open).isFlowing) {
      this.#leaving.push(topic);
      return;
    }
    try {
      send(open, this.#options.unsubscribe(topic.key));
    } catch (error) {
      // The consumers receive no error any more.
      this.#parts.core.warn({ kind: 'callback', callback: 'unsubscribe', error });
    }
  }

  /** The last consumer of a topic has unsubscribed. */
  #startGrace(topic: Topic<In, Key>): void {
    const drop = (): void => this.#drop(topic);
    if (this.#grace > 0) topic.startGrace((isOver) => startTimer(this.#parts.core.environment, this.#grace, isOver), drop);
    else drop();
  }

  #drop(topic: Topic<In, Key>): void {
    this.#topics.delete(topic.key);
    this.#queue.run(() => {
      this.#unsubscribe(topic);
      this.#endIfUnused();
    });
  }

  #fail(topic: Topic<In, Key>, error: unknown): void {
    if (!topic.isWanted) this.#parts.core.warn({ kind: 'callback', callback: 'subscribe', error });
    if (!this.#has(topic)) return;
    this.#topics.delete(topic.key);
    topic.end((subscriber) => this.#survive(() => subscriber.error(error)));
    this.#endIfUnused();
  }

  #endIfUnused(): void {
    if (this.#topics.size === 0) this.#end(() => undefined);
  }

  /** The subscription was closed: by this run, or by `unsubscribe()` of the subject, which gives no terminal. */
  #unsubscribed(): void {
    if (this.#isOver) return;
    for (const [, subscriber] of this.#late.splice(0)) this.#survive(() => subscriber.unsubscribe());
    this.#end((subscriber) => subscriber.unsubscribe());
  }

  #end(act: (subscriber: Subscriber<In>) => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    // First, so that who subscribes in a terminal gets a new run.
    this.#owner.ended();
    const topics = [...this.#topics.values()];
    this.#topics.clear();
    for (const topic of topics) topic.end((subscriber) => this.#survive(() => act(subscriber)));
    this.#subscription.unsubscribe();
    // Others may keep the connection open: it receives the requests that it must still receive when their time comes.
    if (this.#leaving.length === 0) this.#forgetConnection();
    this.#joinLate();
  }

  #joinLate(): void {
    for (const [key, subscriber] of this.#late.splice(0)) this.#owner.join(key, subscriber);
  }

  /** An end runs teardowns of yours, and RxJS lets them throw: the others must end all the same (S16). */
  #survive(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#parts.core.warn({ kind: 'callback', callback: 'finalizer', error });
    }
  }
}

/** A request that comes too late for this connection is sent on the next one. */
function send<In, Out>(open: SocketOpen<In, Out>, message: Out | undefined): void {
  try {
    if (message !== undefined) open.send(message);
  } catch (error) {
    if ((error as { name?: unknown } | null | undefined)?.name !== 'InvalidStateError') throw error;
  }
}

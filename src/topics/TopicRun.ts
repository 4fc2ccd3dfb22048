import { Subscription, type Subscriber } from 'rxjs';
import { gateOf, type ControlEvent, type SocketOpen } from '../subject/events.js';
import { isFinal, linkOf } from '../subject/link.js';
import type { SubjectParts } from '../subject/partsOf.js';
import type { Sink } from '../subject/source.js';
import { Turns } from '../subject/Turns.js';
import { Topic } from './Topic.js';
import type { TopicsOptions } from './topics.js';

/** Whom a run tells of its end, and gives those to who came too late for it. */
export interface RunOwner<In, Key> {
  ended(): void;
  join(key: Key, subscriber: Subscriber<In>): void;
}

/** The topics of one subscription to the subject, from the first consumer to the end of the session or the last consumer's leaving. */
export class TopicRun<In, Out, Key> implements Sink<In, Out> {
  /** A consumer of a later epoch belongs to a later session (S7). */
  readonly epoch: number;
  readonly #parts: SubjectParts<In, Out>;
  readonly #options: TopicsOptions<In, Out, Key>;
  readonly #grace: number;
  readonly #owner: RunOwner<In, Key>;
  readonly #subscription = new Subscription();
  /** In the order of first subscription; those in their grace are among them. */
  readonly #topics = new Map<Key, Topic<In, Key>>();
  /** Those that nobody wants any more, on a connection that was asked for them and must not be told now. */
  #leaving: Topic<In, Key>[] = [];
  /** One thing is said to the server after another, also when a callback asks for the next from inside. */
  readonly #turns = new Turns();
  #open: SocketOpen<In, Out> | null = null;
  /** Those who came when the close or the terminal was being told: an operator may still turn a close into another connection. */
  #late: [key: Key, subscriber: Subscriber<In>][] = [];
  #isStarted = false;
  #isOver = false;

  constructor(parts: SubjectParts<In, Out>, options: TopicsOptions<In, Out, Key>, grace: number, owner: RunOwner<In, Key>) {
    this.epoch = parts.core.epoch;
    this.#parts = parts;
    this.#options = options;
    this.#grace = grace;
    this.#owner = owner;
  }

  /** Subscribes to the subject, for a consumer that has joined. */
  start(): void {
    this.#isStarted = true;
    this.#subscription.add(() => this.#dismissed());
    this.#parts.face.source(this, this.#subscription);
  }

  join(key: Key, subscriber: Subscriber<In>): void {
    if (this.#isStarted && !this.#parts.face.isShared(this.#subscription)) {
      this.#late.push([key, subscriber]);
      return;
    }
    const topic = this.#topics.get(key) ?? new Topic<In, Key>(key);
    this.#topics.set(key, topic);
    topic.add(subscriber);
    subscriber.add(() => {
      topic.left();
      if (!topic.isWanted && this.#has(topic)) this.#left(topic);
    });
    this.#turns.take(() => this.#ask(topic));
  }

  message(message: In): void {
    let key: Key | undefined;
    try {
      key = this.#options.keyOf(message);
    } catch (error) {
      this.#parts.core.warn({ kind: 'callback', callback: 'keyOf', error });
      return;
    }
    if (key !== undefined) this.#topics.get(key)?.next(message);
  }

  event(event: ControlEvent<In, Out>): void {
    if (event !== this.#open) this.#loseConnection();
    if (event.type === 'open') this.#use(event);
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

  #use(open: SocketOpen<In, Out>): void {
    this.#open = open;
    gateOf(open).beforeOutbox.add(this.#sayAll);
    this.#sayAll();
  }

  #loseConnection(): void {
    this.#forgetGate();
    this.#open = null;
    this.#leaving = [];
  }

  #forgetGate(): void {
    if (this.#open !== null) gateOf(this.#open).beforeOutbox.delete(this.#sayAll);
  }

  /** Says all that the open connection has not been told yet, where it may be told. */
  readonly #sayAll = (): void => {
    this.#turns.take(() => {
      for (const topic of this.#leaving.splice(0)) this.#dismiss(topic);
      for (const topic of this.#topics.values()) this.#ask(topic);
      if (this.#isOver && this.#leaving.length === 0) this.#forgetGate();
    });
  };

  #ask(topic: Topic<In, Key>): void {
    const open = this.#open;
    if (open === null) return;
    // S12: not while a login holds the outbox.
    const mayAsk = (): boolean => topic.askedOn !== open && topic.isWanted && gateOf(open).isFlowing;
    if (!mayAsk()) return;
    try {
      const message = this.#options.subscribe(topic.key, topic.last);
      // The callback may have had the consumers leave, or another login begin.
      if (!mayAsk()) return;
      // Before it is sent: a mock answers within that, and the answer may be all that the consumer wants.
      topic.askedOn = open;
      send(open, message);
    } catch (error) {
      this.#fail(topic, error);
    }
  }

  #dismiss(topic: Topic<In, Key>): void {
    const open = this.#open;
    // A connection that ends, or is another one, needs no telling.
    if (open === null || topic.askedOn !== open || isFinal(linkOf(open))) return;
    if (!gateOf(open).isFlowing) {
      this.#leaving.push(topic);
      return;
    }
    try {
      send(open, this.#options.unsubscribe(topic.key));
    } catch (error) {
      // Whoever subscribed has left, and hears no error any more.
      this.#parts.core.warn({ kind: 'callback', callback: 'unsubscribe', error });
    }
  }

  /** The last consumer of a topic has left. */
  #left(topic: Topic<In, Key>): void {
    if (this.#grace > 0) topic.startGrace(this.#grace, () => this.#drop(topic));
    else this.#drop(topic);
  }

  #drop(topic: Topic<In, Key>): void {
    this.#topics.delete(topic.key);
    this.#turns.take(() => {
      this.#dismiss(topic);
      this.#releaseIfUnused();
    });
  }

  #fail(topic: Topic<In, Key>, error: unknown): void {
    if (!topic.isWanted) this.#parts.core.warn({ kind: 'callback', callback: 'subscribe', error });
    if (!this.#has(topic)) return;
    this.#topics.delete(topic.key);
    topic.end((subscriber) => this.#survive(() => subscriber.error(error)));
    this.#releaseIfUnused();
  }

  #releaseIfUnused(): void {
    if (this.#topics.size === 0) this.#end(() => undefined);
  }

  /** The subscription was closed: by us, or by `unsubscribe()` of the subject, which gives no terminal. */
  #dismissed(): void {
    if (this.#isOver) return;
    for (const [, subscriber] of this.#late.splice(0)) this.#survive(() => subscriber.unsubscribe());
    this.#end((subscriber) => subscriber.unsubscribe());
  }

  #end(tell: (subscriber: Subscriber<In>) => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    // First, so that who subscribes in a terminal gets a run of its own.
    this.#owner.ended();
    const topics = [...this.#topics.values()];
    this.#topics.clear();
    for (const topic of topics) topic.end((subscriber) => this.#survive(() => tell(subscriber)));
    this.#subscription.unsubscribe();
    // What an open connection must still be told, should others keep it open, it is told when its time comes.
    if (this.#leaving.length === 0) this.#forgetGate();
    this.#joinLate();
  }

  #joinLate(): void {
    for (const [key, subscriber] of this.#late.splice(0)) this.#owner.join(key, subscriber);
  }

  /** Ends run what the program has attached to a subscription, and RxJS lets it throw: the others must end all the same (S16). */
  #survive(end: () => void): void {
    try {
      end();
    } catch (error) {
      this.#parts.core.warn({ kind: 'callback', callback: 'finalizer', error });
    }
  }
}

/** What comes too late for this connection, the next one is asked for. */
function send<Out>(open: SocketOpen<unknown, Out>, message: Out | undefined): void {
  try {
    if (message !== undefined) open.send(message);
  } catch (error) {
    if ((error as { name?: unknown } | null | undefined)?.name !== 'InvalidStateError') throw error;
  }
}

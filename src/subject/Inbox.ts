import { Subscription } from 'rxjs';
import { InboxOverflowError } from '../close/InboxOverflowError.js';
import type { ControlEvent } from './events.js';
import type { InboxLimits } from './InboxOptions.js';
import { linkOf, type SessionLink } from './link.js';
import type { Sink, Source } from './source.js';

/** Whoever waits for the next message. */
interface Taker<In> {
  readonly resolve: (result: IteratorResult<In, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** How what an inbox is filled from has ended: with an error, or without. */
export interface InboxEnd {
  readonly error?: { readonly value: unknown };
}

/**
 * What has come for one consumer that pulls, until it takes it. Its end comes behind its last message.
 *
 * At its high mark it has the transport paused, and at its low mark resumed. What a transport had read when it was paused still comes, and is kept: on
 * `ws` the messages of one chunk of 64 KiB. One that cannot be paused goes on, and the policy of the consumer decides (S15).
 */
export class Inbox<In, Out> implements Sink<In, Out> {
  readonly #limits: InboxLimits;
  readonly #ended: (end: InboxEnd) => void;
  readonly #subscription = new Subscription();
  readonly #takers: Taker<In>[] = [];
  /** Up to the head it is empty. */
  #queue: (In | undefined)[] = [];
  #head = 0;
  #session: SessionLink<In, Out> | undefined;
  #isHolding = false;
  /** Messages were dropped, and the consumer has not caught up since. */
  #isBehind = false;
  #end: InboxEnd | null = null;

  /** `ended` is called once, when nothing more can come, though messages may still wait to be taken. */
  constructor(limits: InboxLimits, ended: (end: InboxEnd) => void = () => undefined) {
    this.#limits = limits;
    this.#ended = ended;
    // Whoever ends the subscription from elsewhere gives no terminal; nobody may wait for one.
    this.#subscription.add(() => this.#finish({}));
  }

  /** How many messages wait to be taken. */
  get length(): number {
    return this.#queue.length - this.#head;
  }

  /** Whether nothing waits and nothing comes any more. */
  get isSpent(): boolean {
    return this.#end !== null && this.length === 0;
  }

  /** Begins to fill, by `sink` when that one passes on what it is told. */
  connect(source: Source<In, Out>, sink: Sink<In, Out> = this): void {
    source(sink, this.#subscription);
  }

  /** Gives the next message when there is one; the end when there is none to come. An error is given once. */
  take(): Promise<IteratorResult<In, undefined>> {
    return new Promise((resolve, reject) => {
      if (this.length > 0) resolve({ done: false, value: this.#shift() });
      else if (this.#end === null) this.#takers.push({ resolve, reject });
      else this.#tellEnd({ resolve, reject });
    });
  }

  /** The consumer has left: what waits is let go. */
  leave(): void {
    this.#queue = [];
    this.#head = 0;
    this.#end = this.#end && {};
    this.#finish({});
  }

  event(event: ControlEvent<In, Out>): void {
    const session = linkOf<In, Out>(event);
    if (session === undefined || session === this.#session) return;
    const isFull = this.#isHolding;
    this.#release();
    this.#session = session;
    // A session that somebody's operator has begun after the last one.
    if (isFull) this.#hold();
  }

  message(data: In): void {
    if (this.#end !== null) return;
    const taker = this.#takers.shift();
    if (taker !== undefined) {
      this.#isBehind = false;
      taker.resolve({ done: false, value: data });
      return;
    }
    const { highWaterMark } = this.#limits;
    if (this.length >= highWaterMark && !this.#hold()) {
      this.#overflow(data);
      return;
    }
    this.#queue.push(data);
    if (this.length >= highWaterMark) this.#hold();
  }

  complete(): void {
    this.#finish({});
  }

  error(error: unknown): void {
    this.#finish({ error: { value: error } });
  }

  #shift(): In {
    const data = this.#queue[this.#head] as In;
    // What was taken is let go at once (S15), its place once it is among the half: shifting a long array one by one takes seconds.
    this.#queue[this.#head++] = undefined;
    if (this.#head * 2 >= this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    if (this.length <= this.#limits.lowWaterMark) this.#release();
    return data;
  }

  /** Asked anew for each message too many: the connection may be another one by now. */
  #hold(): boolean {
    if (!this.#limits.pause || this.#session === undefined) return false;
    this.#isHolding = true;
    return this.#session.brake.hold(this);
  }

  #release(): void {
    if (!this.#isHolding) return;
    this.#isHolding = false;
    this.#session?.brake.release(this);
  }

  #overflow(data: In): void {
    const { overflow, highWaterMark } = this.#limits;
    if (overflow === 'error') {
      this.#finish({ error: { value: new InboxOverflowError(data, highWaterMark) } });
      return;
    }
    const dropped = overflow === 'latest' ? (this.#queue.splice(this.#head) as In[]) : [this.#shift()];
    this.#queue.push(data);
    if (this.#isBehind) return;
    this.#isBehind = true;
    const why = `a consumer that pulls has ${highWaterMark} messages to take (${overflow}); not told again until it has caught up`;
    this.#session?.warn({ kind: 'dropped', values: dropped, why });
  }

  #finish(end: InboxEnd): void {
    if (this.#end !== null) return;
    this.#end = end;
    this.#release();
    this.#subscription.unsubscribe();
    for (const taker of this.#takers.splice(0)) this.#tellEnd(taker);
    this.#ended(end);
  }

  #tellEnd({ resolve, reject }: Taker<In>): void {
    const error = this.#end?.error;
    this.#end = {};
    if (error === undefined) resolve({ done: true, value: undefined });
    else reject(error.value);
  }
}

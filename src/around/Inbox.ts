import { Subscription } from 'rxjs';
import { InboxOverflowError } from '../close/InboxOverflowError.js';
import { Pausing } from '../connection/Pausing.js';
import { handleOf, type ControlEvent } from '../session/events.js';
import { sessionOf, type SessionLink } from '../session/link.js';
import type { Sink, Source } from '../session/source.js';
import type { InboxLimits } from './InboxOptions.js';

/** A pending request for the next message. */
interface Request<In> {
  readonly resolve: (result: IteratorResult<In, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** How the source of an inbox has ended: with an error, or without. */
export interface InboxEnd {
  readonly error?: { readonly value: unknown };
}

/**
 * Keeps the messages for one consumer that takes them one by one. The end comes after the last message.
 *
 * At its high mark it pauses the transport, at its low mark it resumes it. What a transport had read when it was paused still arrives, and is kept: on
 * `ws` the messages of one chunk of 64 KiB. Where the transport cannot be paused, the consumer's `overflow` decides (S15).
 */
export class Inbox<In, Out> implements Sink<In, Out> {
  readonly #limits: InboxLimits;
  readonly #ended: (end: InboxEnd) => void;
  readonly #subscription = new Subscription();
  readonly #requests: Request<In>[] = [];
  /** Empty up to the head. */
  #queue: (In | undefined)[] = [];
  #head = 0;
  #session: SessionLink<In, Out> | undefined;
  #pausing: Pausing | undefined;
  /** Whether the transport is to be paused, this connection's and the next one's. */
  #isHolding = false;
  /** Whether messages were dropped, and the consumer has not caught up since. */
  #isBehind = false;
  #end: InboxEnd | null = null;

  /** `ended` is called once, when no more messages can come, though some may still wait to be taken. */
  constructor(limits: InboxLimits, ended: (end: InboxEnd) => void = () => undefined) {
    this.#limits = limits;
    this.#ended = ended;
    // `unsubscribe()` of the subject gives no terminal; no request may wait for one.
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

  /** Starts to fill; `sink` receives everything and passes it on. */
  connect(source: Source<In, Out>, sink: Sink<In, Out> = this): void {
    source(sink, this.#subscription);
  }

  /** Returns the next message, or the end. An error is given once. */
  take(): Promise<IteratorResult<In, undefined>> {
    return new Promise((resolve, reject) => {
      if (this.length > 0) resolve({ done: false, value: this.#shift() });
      else if (this.#end === null) this.#requests.push({ resolve, reject });
      else this.#giveEnd({ resolve, reject });
    });
  }

  /** Drops what waits, and unsubscribes. */
  leave(): void {
    this.#queue = [];
    this.#head = 0;
    this.#end = this.#end && {};
    this.#finish({});
  }

  event(event: ControlEvent<In, Out>): void {
    this.#session = sessionOf(event) ?? this.#session;
    this.#pausing = undefined;
    if (event.type !== 'open') return;
    const { connection, pending } = handleOf(event);
    this.#pausing = connection.pausing ??= new Pausing(connection, pending === 0);
    if (this.#isHolding) this.#pausing.hold(this);
  }

  readonly message = (data: In): void => {
    if (this.#end !== null) return;
    const request = this.#requests.shift();
    if (request !== undefined) {
      this.#isBehind = false;
      request.resolve({ done: false, value: data });
      return;
    }
    const { highWaterMark } = this.#limits;
    if (this.length >= highWaterMark && !this.#hold()) {
      this.#overflow(data);
      return;
    }
    this.#queue.push(data);
    if (this.length >= highWaterMark) this.#hold();
  };

  complete(): void {
    this.#finish({});
  }

  error(error: unknown): void {
    this.#finish({ error: { value: error } });
  }

  #shift(): In {
    const data = this.#queue[this.#head] as In;
    // A message that was taken is released at once (S15), its place once half of the places are empty: shifting a long array takes seconds.
    this.#queue[this.#head++] = undefined;
    if (this.#head * 2 >= this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    if (this.length <= this.#limits.lowWaterMark) this.#release();
    return data;
  }

  /** Tried for each message too many: the connection may be another one by now. */
  #hold(): boolean {
    if (!this.#limits.pause) return false;
    this.#isHolding = true;
    return this.#pausing?.hold(this) === true;
  }

  #release(): void {
    this.#isHolding = false;
    this.#pausing?.release(this);
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
    const why = `a slow consumer has ${highWaterMark} messages to take (${overflow}); reported again once it has caught up`;
    this.#session?.warn({ kind: 'dropped', values: dropped, why });
  }

  #finish(end: InboxEnd): void {
    if (this.#end !== null) return;
    this.#end = end;
    this.#release();
    this.#subscription.unsubscribe();
    for (const request of this.#requests.splice(0)) this.#giveEnd(request);
    this.#ended(end);
  }

  #giveEnd({ resolve, reject }: Request<In>): void {
    const error = this.#end?.error;
    this.#end = {};
    if (error === undefined) resolve({ done: true, value: undefined });
    else reject(error.value);
  }
}

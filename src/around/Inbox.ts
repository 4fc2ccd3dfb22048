import { Subscription } from 'rxjs';
import { InboxOverflowError } from '../close/InboxOverflowError.js';
import { Pausing } from '../connection/Pausing.js';
import { handleOf, type ControlEvent } from '../session/events.js';
import type { Sink } from '../session/source.js';
import { partsOf, type SubjectParts } from '../subject/partsOf.js';
import type { WebSocketSubject } from '../subject/WebSocketSubject.js';
import { inboxLimits, type InboxLimits, type InboxOptions } from './InboxOptions.js';

/** A pending request for the next message. */
interface Request<In> {
  readonly resolve: (result: IteratorResult<In, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Keeps the messages for one consumer that takes them one by one. The end comes after the last message.
 *
 * At its high mark it pauses the transport, at a quarter of that it resumes it. What a transport had read when it was paused still arrives, and is
 * kept: on `ws` the messages of one chunk of 64 KiB. Where the transport cannot be paused, the consumer's `overflow` decides (S15).
 */
export class Inbox<In, Out> implements Sink<In, Out> {
  /** Closed by the end. */
  readonly subscription = new Subscription();
  /** Set once no more messages come, though some may still wait: with an error, or without. */
  end: { readonly error?: { readonly value: unknown } } | null = null;
  readonly #parts: SubjectParts<In, Out>;
  readonly #limits: InboxLimits;
  readonly #requests: Request<In>[] = [];
  /** The messages that wait: the oldest ones, last first, and those after them. Shifting a long array one by one takes seconds. */
  #reversed: In[] = [];
  #newer: In[] = [];
  #pausing: Pausing | undefined;
  /** Whether messages were dropped, and the consumer has not caught up since. */
  #isBehind = false;
  #isErrorGiven = false;

  /**
   * @param caller - the function that makes it, for errors
   * @throws `TypeError` for an option that is not allowed
   */
  constructor(caller: string, socket: WebSocketSubject<In, Out>, options: InboxOptions) {
    this.#parts = partsOf(caller, socket);
    this.#limits = inboxLimits(caller, options);
    // `unsubscribe()` of the subject gives no terminal; no request may wait for one.
    this.subscription.add(() => this.#finish({}));
  }

  /** Subscribes; a `sink` in front of the inbox must pass everything on to it. */
  connect(sink: Sink<In, Out> = this): void {
    this.#parts.multicast.source(sink, this.subscription);
  }

  /** Returns the next message, or the end. An error is given once. */
  take(): Promise<IteratorResult<In, undefined>> {
    return new Promise((resolve, reject) => {
      this.#requests.push({ resolve, reject });
      this.#answer();
    });
  }

  /** Drops what waits, and unsubscribes. */
  leave(): void {
    this.#takeAll();
    this.#isErrorGiven = true;
    this.#finish({});
  }

  event(event: ControlEvent<In, Out>): void {
    this.#pausing = undefined;
    if (event.type !== 'open') return;
    const { connection, pendingWork } = handleOf(event);
    this.#pausing = connection.pausing ??= new Pausing(connection, pendingWork === 0);
    if (this.#length >= this.#limits.highWaterMark) this.#pause();
  }

  readonly message = (data: In): void => {
    if (this.end !== null) return;
    const { highWaterMark, overflow } = this.#limits;
    // A paused transport still delivers what it had read before. Only the transport knows whether it is paused.
    const isFull = this.#length >= highWaterMark && !this.#pause();
    if (isFull && overflow === 'error') {
      this.error(new InboxOverflowError(data, highWaterMark));
      return;
    }
    if (isFull) this.#dropped(overflow === 'latest' ? this.#takeAll() : [this.#shift()]);
    this.#newer.push(data);
    this.#answer();
    if (this.#length >= highWaterMark) this.#pause();
  };

  complete(): void {
    this.#finish({});
  }

  error(error: unknown): void {
    this.#finish({ error: { value: error } });
  }

  get #length(): number {
    return this.#reversed.length + this.#newer.length;
  }

  #shift(): In {
    if (this.#reversed.length === 0) this.#reversed = this.#takeAll().reverse();
    return this.#reversed.pop() as In;
  }

  #takeAll(): In[] {
    const all = [...this.#reversed.reverse(), ...this.#newer];
    this.#reversed = [];
    this.#newer = [];
    return all;
  }

  #pause(): boolean {
    return this.#limits.pause && this.#pausing?.pause(this) === true;
  }

  #dropped(values: readonly In[]): void {
    const why = `a slow consumer has ${this.#limits.highWaterMark} messages to take; reported again once it has caught up`;
    if (!this.#isBehind) this.#parts.core.warn({ kind: 'dropped', values, count: values.length, why });
    this.#isBehind = true;
  }

  /** Answers requests, as far as there is something to answer with. */
  #answer(): void {
    while (this.#requests.length > 0 && (this.#length > 0 || this.end !== null)) {
      const { resolve, reject } = this.#requests.shift() as Request<In>;
      if (this.#length > 0) resolve({ done: false, value: this.#shift() });
      else if (this.end?.error === undefined || this.#isErrorGiven) resolve({ done: true, value: undefined });
      else {
        this.#isErrorGiven = true;
        reject(this.end.error.value);
      }
    }
    if (this.#length === 0) this.#isBehind = false;
    if (this.#length <= this.#limits.highWaterMark / 4) this.#pausing?.resume(this);
  }

  #finish(end: NonNullable<typeof this.end>): void {
    if (this.end !== null) return;
    this.end = end;
    this.#pausing?.resume(this);
    this.subscription.unsubscribe();
    this.#answer();
  }
}

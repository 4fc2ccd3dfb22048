import { Subscription } from 'rxjs';
import { InboxOverflowError } from '../close/InboxOverflowError.js';
import { startTimer, type Timer } from '../connection/Environment.js';
import { Pausing } from '../connection/Pausing.js';
import { handleOf, type ControlEvent } from '../session/events.js';
import type { OpenConnection } from '../session/OpenConnection.js';
import type { Sink, Source } from '../session/source.js';
import { partsOf, type SubjectParts } from '../subject/partsOf.js';
import type { WebSocketSubject } from '../subject/WebSocketSubject.js';
import { inboxLimits, type InboxLimits, type InboxOptions } from './InboxOptions.js';

/** How much may arrive above the high mark before the next task: messages, and bytes of their frames. */
const burstMessages = 10_000;
const burstBytes = 1_048_576;
/** Seconds after which a consumer that takes nothing while the transport is paused is reported. */
const stallTimeout = 10;

/** A pending request for the next message. */
interface Request<In> {
  readonly resolve: (result: IteratorResult<In, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

type Listener = (event: { readonly data?: { readonly [Size in 'length' | 'byteLength' | 'size']?: number } }) => void;

/** The part of an `EventTarget` with which bytes are counted. A mock may not have it. */
type Countable = { readonly [Method in `${'add' | 'remove'}EventListener`]?: (type: 'message', listener: Listener) => void };

/**
 * Keeps the messages for one consumer that takes them one by one. The end comes after the last message.
 *
 * At its high mark it pauses the transport, at a quarter of that it resumes it. Messages that the transport had already read still arrive, and are kept: on
 * `ws` those of one chunk of 64 KiB. If the transport is not paused, the limit is checked in the next task, since a consumer cannot take messages that come
 * in one task (S15).
 */
export class Inbox<In, Out> implements Sink<In, Out> {
  /** Closed by the end. */
  readonly subscription = new Subscription();
  /** Set once no more messages come, though some may still wait: with an error, or without. */
  end: { readonly error?: { readonly value: unknown } } | null = null;
  readonly #core: SubjectParts<In, Out>['core'];
  readonly #source: Source<In, Out>;
  readonly #limits: InboxLimits;
  readonly #requests: Request<In>[] = [];
  /** The messages that wait, from `#head` on: shifting a long array one by one takes seconds. */
  readonly #messages: (In | undefined)[] = [];
  #head = 0;
  /** How many of the newest messages came on connections whose `waitUntil` work has not succeeded. The consumer may have taken some of them. */
  #early = 0;
  #open: OpenConnection<In, Out> | undefined;
  /** Set while it keeps the transport paused. */
  #release: (() => void) | undefined;
  #stallTimer: Timer | undefined;
  /** For how long the consumer has taken nothing; counted while the inbox keeps the transport paused. */
  #idleSeconds = 0;
  /** Bytes that have come between a message above the high mark and the next task; -1 outside of that. */
  #burst = -1;
  /** Whether messages were dropped, and the consumer has not caught up since. */
  #isBehind = false;
  #isErrorGiven = false;

  /**
   * @param caller - the function that makes it, for errors
   * @throws `TypeError` for an option that is not allowed
   */
  constructor(caller: string, socket: WebSocketSubject<In, Out>, options: InboxOptions) {
    const { core, multicast } = partsOf<In, Out>(caller, socket);
    this.#core = core;
    this.#source = multicast.source;
    this.#limits = inboxLimits(caller, options);
    // `unsubscribe()` of the subject gives no terminal; no request may wait for one.
    this.subscription.add(() => this.#finish({}));
  }

  /** Subscribes; a `sink` in front of the inbox must pass everything on to it. */
  connect(sink: Sink<In, Out> = this): void {
    this.#source(sink, this.subscription);
  }

  /** Returns the next message, or the end. An error is given once. */
  take(): Promise<IteratorResult<In, undefined>> {
    return new Promise((resolve, reject) => {
      this.#requests.push({ resolve, reject });
      this.#answer();
    });
  }

  /** Drops the messages that wait, and unsubscribes. */
  leave(): void {
    this.#messages.length = this.#head = 0;
    this.#isErrorGiven = true;
    this.#finish({});
  }

  event(event: ControlEvent<In, Out>): void {
    // The work is done: from now on the messages that came during it count as any others.
    if (this.#open?.pendingWork === 0) this.#early = 0;
    // Forget the hold without releasing it: its connection has ended.
    this.#release = undefined;
    clearTimeout(this.#stallTimer);
    this.#open = event.type === 'open' ? handleOf(event) : undefined;
    if (this.#excess >= 0) this.#pause();
  }

  readonly message = (data: In): void => {
    if (this.end !== null) return;
    const { overflow } = this.#limits;
    const isEarly = Boolean(this.#open?.pendingWork);
    // A consumer that chose to lose messages loses them at once.
    if (overflow !== 'error' && !isEarly && this.#excess >= 0 && !this.#pause()) this.#drop(0, overflow === 'latest' ? this.#length : 1);
    this.#messages.push(data);
    this.#early = isEarly ? this.#early + 1 : 0;
    this.#answer();
    // A paused transport still delivers the messages that it had already read.
    if (this.#excess >= 0 && !this.#pause() && (overflow === 'error' || this.#excess > 0)) this.#judgeSoon();
  };

  complete(): void {
    this.#finish({});
  }

  error(error: unknown): void {
    this.#finish({ error: { value: error } });
  }

  get #length(): number {
    return this.#messages.length - this.#head;
  }

  /** How many messages wait above the high mark. */
  get #excess(): number {
    return this.#length - this.#limits.highWaterMark;
  }

  #shift(): In {
    const messages = this.#messages;
    const message = messages[this.#head] as In;
    messages[this.#head++] = undefined;
    // Compact when half of it is free.
    if (this.#head * 2 >= messages.length) {
      messages.splice(0, this.#head);
      this.#head = 0;
    }
    return message;
  }

  /** Pauses the transport. Returns whether it is paused: only the transport knows whether it can be. */
  #pause(): boolean {
    const open = this.#open;
    if (!open || !this.#limits.pause) return false;
    const pausing = (open.connection.pausing ??= new Pausing(open));
    if (!this.#release) {
      this.#release = pausing.hold();
      this.#idleSeconds = 0;
      // A transport may end this within `pause()`.
      if (this.end) this.#resume();
      else this.#watch(pausing);
    }
    return pausing.isPaused;
  }

  #resume(): void {
    clearTimeout(this.#stallTimer);
    this.#release?.();
    this.#release = undefined;
  }

  /** Reports, once for each pause, a consumer that takes nothing: it may wait for a message that the pause keeps from arriving. */
  #watch(pausing: Pausing): void {
    this.#stallTimer = startTimer(this.#core.environment, 1_000, () => {
      if (!pausing.isPaused) this.#idleSeconds = -1;
      if (++this.#idleSeconds < stallTimeout) this.#watch(pausing);
      else this.#core.warn({ kind: 'stalled', count: this.#length, why: 'a slow consumer has taken nothing for 10 s' });
    });
  }

  /** Checks the limit in the next task, when an idle consumer has taken all; at once if too much comes before that. */
  #judgeSoon(): void {
    if (this.#excess > burstMessages || this.#burst > burstBytes) this.#judge();
    if (this.#burst >= 0) return;
    this.#burst = 0;
    const transport = this.#open?.connection.transport as Countable | undefined;
    const count: Listener = ({ data }) => (this.#burst += data?.length ?? data?.byteLength ?? data?.size ?? 0);
    transport?.addEventListener?.('message', count);
    startTimer(this.#core.environment, 0, () => {
      transport?.removeEventListener?.('message', count);
      this.#burst = -1;
      this.#judge();
    });
  }

  #judge(): void {
    const { highWaterMark, overflow } = this.#limits;
    const length = this.#length;
    const excess = this.#excess;
    if (this.end || excess <= 0 || this.#pause()) return;
    const early = Math.min(this.#early, length);
    if (early > 0) {
      // Messages of unfinished work make room for one another only: at most `highWaterMark` of them stay, and twice that in all.
      this.#early = early - this.#drop(length - early, Math.max(early, excess) - highWaterMark);
    } else if (overflow === 'error') {
      this.error(new InboxOverflowError(this.#messages.splice(this.#head + highWaterMark, excess)[0], highWaterMark));
    } else {
      this.#drop(0, overflow === 'latest' ? length - 1 : excess);
    }
  }

  /** Drops waiting messages from this one on; returns how many. Reports the first loss until the consumer has caught up. */
  #drop(from: number, most: number): number {
    const values = this.#messages.splice(this.#head + from, most) as In[];
    const count = values.length;
    if (count > 0 && !this.#isBehind) {
      this.#isBehind = true;
      this.#core.warn({ kind: 'dropped', values, count, why: `a slow consumer has ${this.#limits.highWaterMark} messages to take` });
    }
    return count;
  }

  /** Answers requests while there is a message, or the end. */
  #answer(): void {
    while (this.#requests.length > 0 && (this.#length > 0 || this.end !== null)) {
      const { resolve, reject } = this.#requests.shift() as Request<In>;
      // The second that is running does not count.
      this.#idleSeconds = -1;
      if (this.#length > 0) resolve({ done: false, value: this.#shift() });
      else if (this.end?.error === undefined || this.#isErrorGiven) resolve({ done: true, value: undefined });
      else {
        this.#isErrorGiven = true;
        reject(this.end.error.value);
      }
    }
    if (this.#length === 0) this.#isBehind = false;
    if (this.#length <= this.#limits.highWaterMark / 4) this.#resume();
  }

  #finish(end: NonNullable<typeof this.end>): void {
    if (this.end !== null) return;
    this.end = end;
    this.#resume();
    this.subscription.unsubscribe();
    this.#answer();
  }
}

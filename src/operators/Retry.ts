import { Subscription, timer } from 'rxjs';
import { inScope } from '../connection/Environment.js';
import { SocketReconnecting, type CloseValue } from '../session/events.js';
import type { PendingRetry, SessionLink, SessionWaits } from '../session/link.js';
import type { Sink } from '../session/source.js';
import { waitsOf } from '../session/Waits.js';

/** What a policy has decided. */
export interface RetryDecision {
  /** The number of the retry. */
  readonly attempt: number;
  /** The wait in milliseconds. */
  readonly delay: number;
}

/**
 * A retry that a policy has decided on: it is registered with the session at once, so that `close()` of any subject ends it (S5), then announced by
 * `reconnecting`, and made after the wait. It is cancelled when its subscriber unsubscribes.
 */
export class Retry<In, Out> implements PendingRetry<In, Out> {
  readonly event: SocketReconnecting;
  readonly sink: Sink<In, Out>;
  readonly subscription: Subscription;
  until: number;
  #wait: number;
  /** A wait of 0 needs no timer. */
  #isDue: boolean;
  /** A `retryNow()` from inside `reconnecting` takes effect once all subscribers have received that. */
  #isAnnounced = false;
  #timer: Subscription | undefined;
  readonly #waiting = new Subscription();
  readonly #session: SessionLink<In, Out> | undefined;
  #waits: SessionWaits<In, Out> | undefined;
  readonly #reconnect: () => void;

  /** `session` is `undefined` for an event that your code made. */
  constructor(
    session: SessionLink<In, Out> | undefined,
    closeEvent: CloseValue,
    { attempt, delay }: RetryDecision,
    reconnect: () => void,
    sink: Sink<In, Out>,
    subscription: Subscription,
  ) {
    this.#session = session;
    this.#reconnect = reconnect;
    this.#wait = delay;
    this.#isDue = delay === 0;
    this.sink = sink;
    this.subscription = subscription;
    this.until = Date.now() + delay;
    this.event = new SocketReconnecting(attempt, delay, closeEvent, () => this.#retryNow(), session);
    if (session) {
      const waits = waitsOf(session);
      this.#waits = waits;
      waits.retries.push(this);
      this.#waiting.add(() => waits.cancel(this));
    }
    subscription.add(this.#waiting);
  }

  announce(): void {
    this.sink.event(this.event);
    this.#isAnnounced = true;
    if (!this.#isDue) this.#startTimer();
    this.resume();
  }

  cancel(): void {
    this.#waiting.unsubscribe();
  }

  /** Shortens the wait to so many milliseconds. Returns false if it ends before that anyway. */
  shorten(ms: number): boolean {
    const now = Date.now();
    // If it should have ended by the clock, its timer stood still while the machine slept.
    if (this.#isDue || (now < this.until && now + ms >= this.until)) return false;
    this.until = now + ms;
    this.#wait = ms;
    if (this.#isAnnounced) this.#startTimer();
    return true;
  }

  resume(): void {
    if (!this.#isDue || !this.#isAnnounced || this.#waiting.closed) return;
    const reconnect = (): void => {
      this.#waiting.unsubscribe();
      this.#reconnect();
    };
    if (this.#waits) this.#waits.resume(this, reconnect);
    else reconnect();
  }

  #retryNow(): void {
    this.#isDue = true;
    this.resume();
  }

  #startTimer(): void {
    this.#timer?.unsubscribe();
    if (this.#waiting.closed) return;
    this.#timer = inScope(this.#session?.environment ?? {}, () => timer(this.#wait).subscribe(() => this.#retryNow()));
    this.#waiting.add(this.#timer);
  }
}

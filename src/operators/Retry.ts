import { Subscription, timer } from 'rxjs';
import { inScope } from '../connection/Environment.js';
import { SocketReconnecting, type CloseValue } from '../session/events.js';
import type { PendingRetry, SessionLink, SessionWaits } from '../session/link.js';
import type { Sink } from '../session/source.js';
import { waitsOf } from '../session/Waits.js';

/** The decision of a policy to retry. */
export interface RetryDecision {
  /** The number of the retry. */
  readonly attempt: number;
  /** The wait in milliseconds. */
  readonly delay: number;
}

/**
 * A retry that a policy has decided on: registers with the session, emits `reconnecting`, waits, then reconnects. `close()` of any subject (S5) and
 * unsubscribing cancel it.
 */
export class Retry<In, Out> implements PendingRetry<In, Out> {
  readonly event: SocketReconnecting;
  readonly sink: Sink<In, Out>;
  readonly subscription: Subscription;
  until: number;
  #delay: number;
  /** Whether the wait is over, or was 0. */
  #isDue: boolean;
  /** A `retryNow()` from inside `reconnecting` takes effect once all subscribers have received the event. */
  #isAnnounced = false;
  #timer: Subscription | undefined;
  readonly #pending = new Subscription();
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
    this.#delay = delay;
    this.#isDue = delay === 0;
    this.sink = sink;
    this.subscription = subscription;
    this.until = Date.now() + delay;
    this.event = new SocketReconnecting(attempt, delay, closeEvent, () => this.#retryNow(), session);
    if (session) {
      const waits = waitsOf(session);
      this.#waits = waits;
      waits.retries.push(this);
      this.#pending.add(() => waits.cancel(this));
    }
    subscription.add(this.#pending);
  }

  announce(): void {
    this.sink.event(this.event);
    this.#isAnnounced = true;
    if (!this.#isDue) this.#startTimer();
    this.connectIfDue();
  }

  shorten(ms: number): boolean {
    const now = Date.now();
    // If it is overdue, the machine slept and the timer is late: restart it.
    if (this.#isDue || (now <= this.until && now + ms >= this.until)) return false;
    this.until = now + ms;
    this.#delay = ms;
    if (this.#isAnnounced) this.#startTimer();
    return true;
  }

  connectIfDue(): void {
    if (!this.#isDue || !this.#isAnnounced || this.#pending.closed) return;
    const reconnect = (): void => {
      this.#pending.unsubscribe();
      this.#reconnect();
    };
    if (this.#waits) this.#waits.connectFor(this, reconnect);
    else reconnect();
  }

  #retryNow(): void {
    this.#isDue = true;
    this.connectIfDue();
  }

  #startTimer(): void {
    this.#timer?.unsubscribe();
    this.#timer = inScope(this.#session?.environment ?? {}, () => timer(this.#delay).subscribe(() => this.#retryNow()));
    this.#pending.add(this.#timer);
  }
}

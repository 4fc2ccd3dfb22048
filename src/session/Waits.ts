import { Subscription } from 'rxjs';
import type { PendingRetry, SessionLink, SessionWaits, Suspension } from './link.js';
import { removeFrom } from './removeFrom.js';

/** The waits of a session: the retries that operators have decided on, and the reasons to make no connection. */
class Waits<In, Out> implements SessionWaits<In, Out> {
  readonly retries: PendingRetry<In, Out>[] = [];
  readonly suspensions: Suspension[] = [];
  readonly #session: SessionLink<In, Out>;
  /** While a retry resubscribes: it must connect, and not receive the `reconnecting` of the next retry. */
  #isResubscribing = false;

  constructor(session: SessionLink<In, Out>) {
    this.#session = session;
  }

  get next(): PendingRetry<In, Out> | undefined {
    return this.#isResubscribing ? undefined : this.retries.slice().sort((a, b) => a.until - b.until)[0];
  }

  get why(): 'delay' | Suspension['why'] {
    return (this.suspensions.find(({ why }) => why === 'suspended') ?? this.suspensions[0])?.why ?? 'delay';
  }

  cancel(retry: PendingRetry<In, Out>): void {
    if (!removeFrom(this.retries, retry)) return;
    this.update();
    this.#session.connectOrEnd();
  }

  connectFor(retry: PendingRetry<In, Out>, subscribe: () => void): void {
    const session = this.#session;
    session.queue.run(() => {
      if (this.suspensions.length > 0 || session.isDetached || !this.retries.includes(retry)) return;
      // Connect before subscribing: base subscribers may have joined this wait. One of them may end the session, or cancel the retry.
      session.connect();
      if (session.isEndRequested || !removeFrom(this.retries, retry)) return;
      this.#isResubscribing = true;
      subscribe();
      this.#isResubscribing = false;
      // If a custom operator delays the resubscription, this session finishes, and a new one starts then.
      session.finishIfUnused();
    });
  }

  suspend(suspension: Suspension): Subscription {
    this.suspensions.push(suspension);
    this.update();
    return new Subscription(() => {
      removeFrom(this.suspensions, suspension);
      for (const retry of this.retries.slice()) retry.connectIfDue();
      this.#session.connectOrEnd();
      this.#session.queue.run(() => this.update());
    });
  }

  update(): void {
    const session = this.#session;
    const { next } = this;
    if (session.connection) return;
    if (session.pendingReplacement) session.setWaiting(session.pendingReplacement, Date.now());
    else if (next) session.setWaiting(next.event, next.until);
  }
}

/** Returns the waits of a session; makes them on first use. */
export function waitsOf<In, Out>(session: SessionLink<In, Out>): SessionWaits<In, Out> {
  return (session.waits ??= new Waits(session));
}

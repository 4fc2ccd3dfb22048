import { Subscription } from 'rxjs';
import type { Attempts } from './Attempts.js';
import type { Audience } from './Audience.js';
import type { Wait } from './link.js';
import type { Sink } from './source.js';
import type { Why } from './Suspensions.js';
import type { Turns } from './Turns.js';

/** The session whose waits they are. */
export interface WaitsOwner {
  readonly attempts: Attempts;
  readonly turns: Turns;
  readonly isEnding: boolean;
  readonly isSealed: boolean;
  readonly isConnected: boolean;
  /** Whether nothing may reconnect any more (S5). */
  readonly final: boolean;
  /** Makes a connection, unless there is one or nobody to have it. */
  connect(): void;
  /** One that is over goes on. */
  revive(): void;
  endIfLeft(): void;
  tellStatus(): void;
}

/** How the waits of a session begin and end, and what is held back while it is suspended. */
export class Waits<In, Out> {
  readonly #owner: WaitsOwner;
  readonly #audience: Audience<In, Out>;
  #isResuming = false;
  /** Those whose time has come, and whose source has said nothing yet; each with what ends it. */
  readonly #arriving = new Map<Wait<In, Out>, Subscription>();

  constructor(owner: WaitsOwner, audience: Audience<In, Out>) {
    this.#owner = owner;
    this.#audience = audience;
  }

  /** The wait that who comes now joins (S11); not one whose time has come. */
  get present(): Wait<In, Out> | undefined {
    const { nextWait } = this.#audience;
    return this.#isResuming || (nextWait !== undefined && this.#arriving.has(nextWait)) ? undefined : nextWait;
  }

  /** Registers a wait, so that `close()` on any face ends it (S5). */
  add(wait: Wait<In, Out>): void {
    // An operator of somebody else may have held the close back until the session was over: it goes on.
    this.#owner.revive();
    this.#audience.addWait(wait);
    this.#owner.tellStatus();
  }

  /** Ends a wait because its time has come, and has the operator subscribe to its source again; not when the wait was ended before. */
  resume(wait: Wait<In, Out>, reconnect: () => void): void {
    const { attempts, turns } = this.#owner;
    turns.take(() => {
      const { isEnding, isSealed } = this.#owner;
      // Who is leaving may lift a suspension before it cancels its wait, and so may who is about to be made to leave.
      if (isEnding || isSealed || wait.subscription.closed || !this.#audience.hasWait(wait)) return;
      if (attempts.suspensions.hold(wait, () => this.resume(wait, reconnect))) return;
      attempts.beRetry();
      // Who has joined the wait is told of the connection first, and may end the session then; the wait is still there to be told.
      const isJoining = this.#audience.hasConsumer();
      if (isJoining) this.#connect();
      if (this.#owner.final || !this.#audience.removeWait(wait)) return;
      this.#isResuming = !this.#owner.isConnected;
      const ending = new Subscription(() => {
        this.#arriving.delete(wait);
        this.cancel(wait);
      });
      this.#arriving.set(wait, ending);
      reconnect();
      this.#isResuming = false;
      const hasCome = !isJoining && this.#audience.hasConsumer();
      // Somebody's operator subscribes later, once it has a token for example: until then the wait is not over, and `close()` ends it (S5).
      if (hasCome) ending.unsubscribe();
      else if (!ending.closed) {
        this.#audience.addWait(wait);
        wait.subscription.add(ending);
      }
      this.#owner.endIfLeft();
    });
  }

  /** The source of a wait that was resumed has said something. */
  arrived(wait: Wait<In, Out>): void {
    this.#arriving.get(wait)?.unsubscribe();
  }

  /** Ends a wait because whoever waited has left. */
  cancel(wait: Wait<In, Out>): void {
    const { attempts, turns } = this.#owner;
    if (!this.#audience.removeWait(wait)) return;
    attempts.suspensions.letGo(wait);
    this.#owner.tellStatus();
    turns.take(() => this.#owner.endIfLeft());
    // Who has joined the wait of somebody that leaves waits for nothing any more.
    turns.take(() => this.#connectJoined());
  }

  /** Has everybody who waits wait no longer. */
  endAll(): void {
    this.#audience.endWaits();
  }

  /** Has every wait end in so many ms, unless it ends before; says no when there is none. */
  hasten(ms: number): boolean {
    const { hasWaits } = this.#audience;
    if (this.#audience.hasten(ms)) this.#owner.tellStatus();
    return hasWaits;
  }

  /** Lets no connection be made until the returned subscription is closed, or the one that it is added to; the present connection stays. */
  suspend(why: Why, whole: Subscription): Subscription {
    const { attempts, turns } = this.#owner;
    const ended = (): void => {
      this.#connectJoined();
      this.#owner.tellStatus();
    };
    const suspension = attempts.suspensions.add(why, () => turns.take(ended));
    // First: whoever is told of it may end all of it.
    whole.add(suspension);
    if (!this.#owner.isConnected) this.#owner.tellStatus();
    return suspension;
  }

  /** Unsubscribes whoever waits, without a terminal. */
  dismiss(): void {
    this.#audience.dismissWaits();
  }

  /** While suspended nobody connects: who comes as the last close is told joins the wait that it has led to. */
  connectOrJoin(sink: Sink<In, Out>): void {
    const { attempts, isConnected } = this.#owner;
    const wait = isConnected || attempts.suspensions.isEmpty ? undefined : this.#audience.nextWait;
    if (wait === undefined) this.#connect();
    else if (this.#audience.consumer === sink) sink.event(wait.event);
  }

  #connectJoined(): void {
    const { attempts, isConnected } = this.#owner;
    // Who waits by itself connects when its time has come.
    if (this.#audience.consumer === null || this.#audience.hasWaits || isConnected || !attempts.suspensions.isEmpty) return;
    attempts.beRetry();
    this.#connect();
  }

  #connect(): void {
    this.#isResuming = false;
    this.#owner.connect();
  }
}

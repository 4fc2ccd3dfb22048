import { Subscription } from 'rxjs';
import type { Core } from './Core.js';
import type { ControlEvent } from './events.js';
import { linkOf } from './link.js';
import type { Sink, Source } from './source.js';

/** A subscriber; one that has left has its sink taken away. */
interface Member<In, Out> {
  sink: Sink<In, Out>;
}

const nobody: Sink<unknown, never> = {
  event: () => undefined,
  message: () => undefined,
  complete: () => undefined,
  error: () => undefined,
};

/**
 * A source that runs once however many subscribe; those who come late first receive the present phase (S11).
 *
 * A run lasts until its end or until its last subscriber leaves. Who comes after the program has ended a session gets a run of its own (S7).
 */
export class Face<In, Out> {
  readonly #core: Core<In, Out>;
  readonly #upstream: Source<In, Out>;
  #run: Run<In, Out> | null = null;
  #epoch = -1;
  /** Whether `unsubscribe()` was called on this face and nobody has subscribed since. */
  isClosed = false;

  constructor(core: Core<In, Out>, upstream: Source<In, Out>) {
    this.#core = core;
    this.#upstream = upstream;
  }

  get isObserved(): boolean {
    return this.#run?.isObserved ?? false;
  }

  /** Whether the run that this subscription belongs to takes in who subscribes now, unless the program has ended the session since (S7). */
  isShared(subscription: Subscription): boolean {
    return this.#run?.isClosed === false && this.#run.has(subscription);
  }

  readonly source: Source<In, Out> = (sink, subscription) => {
    if (subscription.closed) return;
    this.isClosed = false;
    let run = this.#run;
    if (run === null || run.isClosed || this.#epoch !== this.#core.epoch) {
      const { runs } = this.#core;
      const ended = (one: Run<In, Out>): void => {
        runs.delete(one);
        if (this.#run === one) this.#run = null;
      };
      const threw = (error: unknown): void => this.#core.warn({ kind: 'callback', callback: 'finalizer', error });
      run = new Run<In, Out>(ended, threw);
      runs.add(run);
      this.#run = run;
      this.#epoch = this.#core.epoch;
      run.add(sink, subscription);
      this.#upstream(run, run.upstream);
    } else run.add(sink, subscription);
  };
}

/** The subscribers of one run, in an array of our own: an RxJS Subject costs more than all the rest for each message. */
class Run<In, Out> implements Sink<In, Out> {
  readonly upstream = new Subscription();
  readonly #ended: (run: Run<In, Out>) => void;
  readonly #threw: (error: unknown) => void;
  readonly #subscriptions = new Set<Subscription>();
  #members: Member<In, Out>[] = [];
  #phase: ControlEvent<In, Out> | null = null;

  constructor(ended: (run: Run<In, Out>) => void, threw: (error: unknown) => void) {
    this.#ended = ended;
    this.#threw = threw;
  }

  get isObserved(): boolean {
    return this.#subscriptions.size > 0;
  }

  /** Whether nobody joins any more, not even from inside the close; unless somebody's operator goes on after it. */
  get isClosed(): boolean {
    return this.#phase?.type === 'close';
  }

  has(subscription: Subscription): boolean {
    return this.#subscriptions.has(subscription);
  }

  add(sink: Sink<In, Out>, subscription: Subscription): void {
    const member = { sink };
    this.#members.push(member);
    this.#subscriptions.add(subscription);
    subscription.add(() => this.#remove(member, subscription));
    const phase = this.#phase;
    if (phase === null) return;
    const tell = (): void => sink.event(phase);
    // An operator may end the connection before it tells the others what it was told itself.
    const session = linkOf<In, Out>(phase);
    if (session === undefined) tell();
    else session.turns.join(tell);
  }

  event(event: ControlEvent<In, Out>): void {
    this.#phase = event;
    this.#tell((sink) => this.#survive(() => sink.event(event)));
  }

  message(data: In): void {
    const members = this.#members;
    // Mostly there is one.
    if (members.length === 1) {
      members[0]?.sink.message(data);
      return;
    }
    // Who joins meanwhile is not told.
    for (let i = 0, { length } = members; i < length; i++) members[i]?.sink.message(data);
  }

  complete(): void {
    this.#end((sink) => sink.complete());
  }

  error(error: unknown): void {
    this.#end((sink) => sink.error(error));
  }

  /** Unsubscribes everybody, without a terminal. */
  dismiss(): void {
    for (const subscription of [...this.#subscriptions]) this.#survive(() => subscription.unsubscribe());
  }

  #end(terminal: (sink: Sink<In, Out>) => void): void {
    // First, so that who subscribes in a terminal gets a run of its own.
    this.#ended(this);
    this.#tell((sink) => this.#survive(() => terminal(sink)));
    this.upstream.unsubscribe();
  }

  #tell(what: (sink: Sink<In, Out>) => void): void {
    for (const member of this.#members.slice()) what(member.sink);
  }

  /** Who ends, or ends itself, runs what the program has attached to a subscription, and RxJS lets it throw: the others must be told all the same (S16). */
  #survive(end: () => void): void {
    try {
      end();
    } catch (error) {
      this.#threw(error);
    }
  }

  #remove(member: Member<In, Out>, subscription: Subscription): void {
    member.sink = nobody;
    this.#subscriptions.delete(subscription);
    // Those who have left are swept out once they are the half: one by one, thousands would take seconds to leave.
    if (this.#subscriptions.size * 2 < this.#members.length) this.#members = this.#members.filter(({ sink }) => sink !== nobody);
    if (this.#subscriptions.size === 0) this.#leave();
  }

  #leave(): void {
    this.#ended(this);
    this.upstream.unsubscribe();
  }
}

import { Subscription } from 'rxjs';
import type { CloseValue, ControlEvent } from './events.js';
import { sessionOf, type SessionLink } from './link.js';
import type { Sink, Source } from './source.js';

/** A subscriber; one that has unsubscribed has its sink taken away. */
interface Member<In, Out> {
  sink: Sink<In, Out>;
  readonly subscription: Subscription;
}

/** What the subjects of a core share. */
export interface MulticastOwner {
  /** The runs of all its subjects, for `unsubscribe()`. */
  runs: readonly { unsubscribeAll(): void }[];
  readonly session: { readonly isJoinable: boolean; readonly isDetached: boolean } | null;
  /** Runs what may run a teardown of yours, which may throw (S16). */
  survive(act: () => void): void;
}

const nothing = (): void => undefined;
const noSink: Sink<unknown, never> = { event: nothing, message: nothing, complete: nothing, error: nothing };

/**
 * Runs a source once however many subscribe; late subscribers first receive the present phase (S11).
 *
 * A run lasts until its end or until its last subscriber unsubscribes. Who subscribes after your code has ended a session gets a new run (S7).
 */
export class Multicast<In, Out> {
  readonly #owner: MulticastOwner;
  readonly #upstream: Source<In, Out>;
  #run: Run<In, Out> | null = null;
  /** Whether `unsubscribe()` was called and nobody has subscribed since. */
  isClosed = false;

  constructor(owner: MulticastOwner, upstream: Source<In, Out>) {
    this.#owner = owner;
    this.#upstream = upstream;
  }

  get isObserved(): boolean {
    return this.#run !== null;
  }

  /** Whether subscribers that come now share the run of this subscription. */
  isShared(subscription: Subscription): boolean {
    return this.#run?.isJoinable === true && this.#run.has(subscription);
  }

  readonly source: Source<In, Out> = (sink, subscription) => {
    if (subscription.closed) return;
    this.isClosed = false;
    if (this.#run?.isJoinable) {
      this.#run.add(sink, subscription);
      return;
    }
    const owner = this.#owner;
    const run = new Run<In, Out>(owner, () => {
      owner.runs = owner.runs.filter((one) => one !== run);
      if (this.#run === run) this.#run = null;
    });
    owner.runs = [...owner.runs, run];
    this.#run = run;
    run.add(sink, subscription);
    this.#upstream(run, run.upstream);
    if (owner.session?.isJoinable) run.session ??= owner.session;
  };
}

/** The subscribers of one run, in an array of our own: an RxJS Subject costs more than all the rest for each message. */
class Run<In, Out> implements Sink<In, Out> {
  readonly upstream = new Subscription();
  session: Pick<SessionLink<In, Out>, 'isDetached'> | undefined;
  readonly #owner: MulticastOwner;
  readonly #ended: () => void;
  #members: Member<In, Out>[] = [];
  #count = 0;
  #phase: ControlEvent<In, Out> | null = null;
  /** Whether its close is decided on or delivered, so that nobody joins any more; unless a custom operator goes on after it. */
  #isClosing = false;

  constructor(owner: MulticastOwner, ended: () => void) {
    this.#owner = owner;
    this.#ended = ended;
  }

  get isJoinable(): boolean {
    return !this.#isClosing && this.session?.isDetached !== true;
  }

  has(subscription: Subscription): boolean {
    return this.#members.some((member) => member.subscription === subscription && member.sink !== noSink);
  }

  add(sink: Sink<In, Out>, subscription: Subscription): void {
    const member = { sink, subscription };
    this.#members.push(member);
    this.#count++;
    subscription.add(() => this.#remove(member));
    const phase = this.#phase;
    if (!phase) return;
    const deliver = (): void => sink.event(phase);
    // A custom operator may end the connection before the other subscribers receive what it received.
    const session = sessionOf<In, Out>(phase);
    if (session) session.queue.join(deliver);
    else deliver();
  }

  decide(event: CloseValue): boolean {
    this.#isClosing = true;
    // Each one is asked, whatever the others say.
    return this.#members.map(({ sink }) => sink.decide?.(event)).includes(true);
  }

  event(event: ControlEvent<In, Out>): void {
    this.#phase = event;
    this.#isClosing = event.type === 'close';
    this.session = sessionOf<In, Out>(event) ?? this.session;
    this.#forEach((sink) => sink.event(event));
  }

  readonly message = (data: In): void => {
    const members = this.#members;
    // Mostly there is one.
    if (members.length === 1) members[0]?.sink.message(data);
    // Who joins meanwhile does not receive it.
    else for (let i = 0, { length } = members; i < length; i++) members[i]?.sink.message(data);
  };

  complete(): void {
    this.#end((sink) => sink.complete());
  }

  error(error: unknown): void {
    this.#end((sink) => sink.error(error));
  }

  /** Unsubscribes all, without a terminal. */
  unsubscribeAll(): void {
    for (const { subscription } of this.#members.slice()) this.#owner.survive(() => subscription.unsubscribe());
  }

  #end(terminal: (sink: Sink<In, Out>) => void): void {
    // First, so that who subscribes in a terminal gets a new run.
    this.#ended();
    this.#forEach(terminal);
    this.upstream.unsubscribe();
  }

  /** A subscriber that ends runs its teardowns, and RxJS lets them throw: the others must be notified all the same (S16). */
  #forEach(act: (sink: Sink<In, Out>) => void): void {
    for (const member of this.#members.slice()) this.#owner.survive(() => act(member.sink));
  }

  #remove(member: Member<In, Out>): void {
    member.sink = noSink;
    this.#count--;
    // Swept out once they are the half: one by one, thousands would take seconds to unsubscribe.
    if (this.#count * 2 < this.#members.length) this.#members = this.#members.filter(({ sink }) => sink !== noSink);
    if (this.#count > 0) return;
    this.#ended();
    this.upstream.unsubscribe();
  }
}

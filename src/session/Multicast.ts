import { keepProcess } from '#transport';
import { Subscription } from 'rxjs';
import { startTimer, type Environment, type Timer } from '../connection/Environment.js';
import type { CloseValue, ControlEvent } from './events.js';
import { sessionOf, type SessionLink } from './link.js';
import type { Sink, Source } from './source.js';

/** A subscriber. After it unsubscribes, its sink is `noSink`. */
interface Member<In, Out> {
  sink: Sink<In, Out>;
  readonly subscription: Subscription;
  /** Whether it is a subscriber of yours, not an operator inside `pipeEvents`. */
  readonly isUser: boolean;
}

/** The part of the core that the multicasts of its subjects use. */
export interface MulticastOwner {
  readonly environment: Environment;
  /** For how many milliseconds a run without subscribers goes on (S9). */
  readonly settings: { readonly linger: number };
  /** The runs of all its subjects. */
  runs: readonly { readonly users: number; unsubscribeAll(): void }[];
  /** Whether any of its subjects has a subscriber of yours. */
  readonly isUsed: boolean;
  /** The run that goes on without subscribers, until `linger` is over or there is a new one (S9). */
  lingering: { leave(): void } | undefined;
  readonly session: {
    readonly isJoinable: boolean;
    readonly isDetached: boolean;
    readonly connection: { readonly transport: object | null } | null;
  } | null;
  /** Runs `act`; reports errors of your teardowns in it on `warnings` (S16). */
  catchAndWarn(act: () => void): void;
}

const nothing = (): void => undefined;
const noSink: Sink<unknown, never> = { event: nothing, message: nothing, complete: nothing, error: nothing };

/**
 * Runs a source once however many subscribe; late subscribers first receive the current phase (S11).
 *
 * A run lasts until its end, or until `linger` after its last subscriber has unsubscribed. After your code has ended the session, a new subscriber gets
 * a new run (S7).
 */
export class Multicast<In, Out> {
  readonly #owner: MulticastOwner;
  readonly #upstream: Source<In, Out>;
  #run: Run<In, Out> | null = null;
  /** Whether `unsubscribe()` was called, with no new subscriber since. */
  isClosed = false;

  constructor(owner: MulticastOwner, upstream: Source<In, Out>) {
    this.#owner = owner;
    this.#upstream = upstream;
  }

  get isObserved(): boolean {
    return Boolean(this.#run?.users);
  }

  /** Whether a new subscriber would join the run that this subscription belongs to. */
  isShared(subscription: Subscription): boolean {
    return this.#run?.isJoinable === true && this.#run.has(subscription);
  }

  /** The source for subscribers of yours. */
  readonly source: Source<In, Out> = (sink, subscription) => this.#subscribe({ sink, subscription, isUser: true });

  /** The source for operators inside `pipeEvents`, which are not subscribers of yours. */
  readonly innerSource: Source<In, Out> = (sink, subscription) => this.#subscribe({ sink, subscription, isUser: false });

  #subscribe(member: Member<In, Out>): void {
    if (member.subscription.closed) return;
    this.isClosed = false;
    const owner = this.#owner;
    let run = this.#run;
    if (run?.isJoinable) run.add(member);
    else {
      const begun = (run = new Run<In, Out>(owner, () => {
        owner.runs = owner.runs.filter((one) => one !== begun);
        if (this.#run === begun) this.#run = null;
      }));
      owner.runs = [...owner.runs, run];
      this.#run = run;
      run.add(member);
      this.#upstream(run, run.upstream);
      // The first event may be delayed; the run must know its session before.
      if (owner.session?.isJoinable) run.session ??= owner.session;
    }
    // Not before this run holds the connection.
    if (member.isUser && owner.lingering !== run) owner.lingering?.leave();
  }
}

/** The subscribers of one run, in an array: with an RxJS Subject a message costs twice as much. */
class Run<In, Out> implements Sink<In, Out> {
  readonly upstream = new Subscription();
  session: Pick<SessionLink<In, Out>, 'isDetached'> | undefined;
  users = 0;
  readonly #owner: MulticastOwner;
  readonly #ended: () => void;
  #members: Member<In, Out>[] = [];
  #count = 0;
  #phase: ControlEvent<In, Out> | null = null;
  /** Whether a close is being decided on or was delivered: new subscribers need another run. A later event reopens this one. */
  #isCloseSeen = false;
  #isOver = false;
  #lingerTimer: Timer | undefined;

  constructor(owner: MulticastOwner, ended: () => void) {
    this.#owner = owner;
    this.#ended = ended;
  }

  get isJoinable(): boolean {
    return !this.#isCloseSeen && this.session?.isDetached !== true;
  }

  has(subscription: Subscription): boolean {
    return this.#members.some((member) => member.subscription === subscription);
  }

  add(member: Member<In, Out>): void {
    const { sink, subscription, isUser } = member;
    this.#members.push(member);
    this.#count++;
    if (isUser) this.users++;
    subscription.add(() => this.#remove(member));
    this.#stopLingering();
    const phase = this.#phase;
    if (!phase) return;
    const deliver = (): void => sink.event(phase);
    // This subscriber may end the session, and the others must receive the current event first.
    const session = sessionOf<In, Out>(phase);
    if (session) session.queue.join(deliver);
    else deliver();
  }

  decide(event: CloseValue): 'later' | undefined {
    this.#isCloseSeen = true;
    // All of them decide, whatever the others say.
    return this.#members.map(({ sink }) => sink.decide?.(event)).find((decision) => decision === 'later');
  }

  event(event: ControlEvent<In, Out>): void {
    this.#phase = event;
    this.#isCloseSeen = event.type === 'close';
    this.session = sessionOf<In, Out>(event) ?? this.session;
    this.#forEach((sink) => sink.event(event));
  }

  readonly message = (data: In): void => {
    const members = this.#members;
    // Mostly there is one. What its teardown throws, the session catches.
    if (members.length === 1) members[0]?.sink.message(data);
    // A subscriber that is added meanwhile does not receive it.
    else for (let i = 0, { length } = members; i < length; i++) this.#owner.catchAndWarn(() => members[i]?.sink.message(data));
  };

  complete(): void {
    this.#end((sink) => sink.complete());
  }

  error(error: unknown): void {
    this.#end((sink) => sink.error(error));
  }

  /** Unsubscribes all, without a terminal. */
  unsubscribeAll(): void {
    for (const { subscription } of this.#members.slice()) this.#owner.catchAndWarn(() => subscription.unsubscribe());
  }

  #end(terminal: (sink: Sink<In, Out>) => void): void {
    // Leave the multicast first: a subscriber that is added during the terminal needs a new run.
    this.#ended();
    this.#isOver = true;
    this.#stopLingering();
    this.#forEach(terminal);
    this.upstream.unsubscribe();
  }

  /** A subscriber that ends runs its teardowns, and RxJS lets them throw: the others must still be notified (S16). */
  #forEach(act: (sink: Sink<In, Out>) => void): void {
    for (const member of this.#members.slice()) this.#owner.catchAndWarn(() => act(member.sink));
  }

  #remove(member: Member<In, Out>): void {
    member.sink = noSink;
    this.#count--;
    if (member.isUser) this.users--;
    // Compact when fewer than half remain: one by one, thousands of them take seconds.
    if (this.#count * 2 < this.#members.length) this.#members = this.#members.filter(({ sink }) => sink !== noSink);
    if (this.#count > 0) return;
    const owner = this.#owner;
    const { environment, settings } = owner;
    if (!settings.linger || !member.isUser || owner.isUsed || this.#isOver) this.leave();
    else {
      owner.lingering?.leave();
      owner.lingering = this;
      this.#lingerTimer = startTimer(environment, settings.linger, () => owner.catchAndWarn(() => this.leave()));
      // It has no subscriber, so neither the timer nor the connection keeps the process alive, as far as the transport allows that.
      keepProcess(false, () => [owner.session?.connection?.transport, this.#lingerTimer]);
    }
  }

  /** Ends the run without a terminal. */
  leave(): void {
    this.#stopLingering();
    this.#ended();
    this.upstream.unsubscribe();
  }

  #stopLingering(): void {
    if (this.#owner.lingering !== this) return;
    clearTimeout(this.#lingerTimer);
    this.#owner.lingering = undefined;
    keepProcess(true, () => [this.#owner.session?.connection?.transport, this.#lingerTimer]);
  }
}

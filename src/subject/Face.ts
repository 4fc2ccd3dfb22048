import { Subscription } from 'rxjs';
import type { Core } from './Core.js';
import type { ControlEvent } from './events.js';
import type { Sink, Source } from './source.js';

interface Member<In, Out> {
  readonly sink: Sink<In, Out>;
  readonly subscription: Subscription;
}

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

  readonly source: Source<In, Out> = (sink, subscription) => {
    if (subscription.closed) return;
    this.isClosed = false;
    let run = this.#run;
    if (run === null || this.#epoch !== this.#core.epoch) {
      const { runs } = this.#core;
      run = new Run<In, Out>({
        sealed: (sealed) => {
          if (this.#run === sealed) this.#run = null;
        },
        ended: (ended) => runs.delete(ended),
      });
      runs.add(run);
      this.#run = run;
      this.#epoch = this.#core.epoch;
      run.add(sink, subscription);
      this.#upstream(run, run.upstream);
    } else run.add(sink, subscription);
  };
}

interface RunOwner<In, Out> {
  /** Nobody may join any more. */
  sealed(run: Run<In, Out>): void;
  /** Nobody is left. */
  ended(run: Run<In, Out>): void;
}

/** The subscribers of one run: an array copied on write, so that a loop over it never sees a change. */
class Run<In, Out> implements Sink<In, Out> {
  readonly upstream = new Subscription();
  readonly #owner: RunOwner<In, Out>;
  #members: readonly Member<In, Out>[] = [];
  #phase: ControlEvent<In, Out> | null = null;

  constructor(owner: RunOwner<In, Out>) {
    this.#owner = owner;
  }

  get isObserved(): boolean {
    return this.#members.length > 0;
  }

  add(sink: Sink<In, Out>, subscription: Subscription): void {
    const member = { sink, subscription };
    this.#members = [...this.#members, member];
    subscription.add(() => this.#remove(member));
    if (this.#phase !== null) sink.event(this.#phase);
  }

  event(event: ControlEvent<In, Out>): void {
    this.#phase = event;
    // Nobody joins a run that has ended, not even from inside the last event.
    if (event.type === 'close') this.#owner.sealed(this);
    for (const { sink, subscription } of this.#members) if (!subscription.closed) sink.event(event);
  }

  message(data: In): void {
    const members = this.#members;
    for (let i = 0; i < members.length; i++) members[i]?.sink.message(data);
  }

  complete(): void {
    for (const { sink, subscription } of this.#end()) if (!subscription.closed) sink.complete();
  }

  error(error: unknown): void {
    for (const { sink, subscription } of this.#end()) if (!subscription.closed) sink.error(error);
  }

  /** Unsubscribes everybody, without a terminal. */
  dismiss(): void {
    for (const { subscription } of this.#members) subscription.unsubscribe();
  }

  #end(): readonly Member<In, Out>[] {
    const members = this.#members;
    this.#members = [];
    this.#leave();
    return members;
  }

  #remove(member: Member<In, Out>): void {
    if (!this.#members.includes(member)) return;
    this.#members = this.#members.filter((other) => other !== member);
    if (this.#members.length === 0) this.#leave();
  }

  #leave(): void {
    this.#owner.sealed(this);
    this.#owner.ended(this);
    this.upstream.unsubscribe();
  }
}

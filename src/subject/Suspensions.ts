import { Subscription } from 'rxjs';

/** Why no connection is made. */
export type Why = 'offline' | 'suspended';

/** What keeps a session from connecting, and what waits for its end. */
export class Suspensions {
  readonly #pending = new Map<Subscription, Why>();
  readonly #held: (() => void)[] = [];

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  /** What the status says of them; the program's own come first. */
  get why(): Why | undefined {
    const all = [...this.#pending.values()];
    return all.includes('suspended') ? 'suspended' : all[0];
  }

  /** Adds one, which ends with the returned subscription; `ended` is called then, after what was held goes on if it was the last. */
  add(why: Why, ended: () => void): Subscription {
    const suspension = new Subscription(() => {
      this.#pending.delete(suspension);
      if (this.isEmpty) for (const goOn of this.#held.splice(0)) goOn();
      ended();
    });
    this.#pending.set(suspension, why);
    return suspension;
  }

  /** Ends those of a kind. */
  lift(why: Why): void {
    for (const [suspension, itsWhy] of [...this.#pending]) if (itsWhy === why) suspension.unsubscribe();
  }

  /** Keeps back what must not be done while anything is suspended; says no when nothing is. */
  hold(goOn: () => void): boolean {
    if (this.isEmpty) return false;
    this.#held.push(goOn);
    return true;
  }
}

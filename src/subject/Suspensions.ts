import { Subscription } from 'rxjs';

/** Why no connection is made. */
export type Why = 'offline' | 'suspended';

/** What keeps a session from connecting, and what waits for its end. */
export class Suspensions {
  readonly #pending = new Map<Subscription, Why>();
  readonly #held = new Map<object, () => void>();

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
      if (this.isEmpty) this.#goOn();
      ended();
    });
    this.#pending.set(suspension, why);
    return suspension;
  }

  /** Ends those of a kind. */
  lift(why: Why): void {
    for (const [suspension, itsWhy] of [...this.#pending]) if (itsWhy === why) suspension.unsubscribe();
  }

  /** Keeps back what somebody must not do while anything is suspended; says no when nothing is. */
  hold(who: object, goOn: () => void): boolean {
    if (this.isEmpty) return false;
    this.#held.set(who, goOn);
    return true;
  }

  /** Forgets what was kept back of somebody that has left. */
  letGo(who: object): void {
    this.#held.delete(who);
  }

  #goOn(): void {
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const goOn of held) goOn();
  }
}

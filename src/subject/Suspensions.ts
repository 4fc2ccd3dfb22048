import { Subscription } from 'rxjs';

/** What keeps a session from connecting, and what waits for its end. */
export class Suspensions {
  readonly #pending = new Set<Subscription>();
  #held: (() => void)[] = [];

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  /** Adds one, which ends with the returned subscription; `lifted` is told of the end of the last, after what was held goes on. */
  add(lifted: () => void): Subscription {
    const suspension = new Subscription(() => {
      this.#pending.delete(suspension);
      if (!this.isEmpty) return;
      const held = this.#held;
      this.#held = [];
      for (const goOn of held) goOn();
      lifted();
    });
    this.#pending.add(suspension);
    return suspension;
  }

  /** Keeps back what must not be done while anything is suspended; says no when nothing is. */
  hold(goOn: () => void): boolean {
    if (this.isEmpty) return false;
    this.#held.push(goOn);
    return true;
  }
}

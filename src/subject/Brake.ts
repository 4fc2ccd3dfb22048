/** What a brake holds back: a connection. */
interface Held {
  readonly canPause: boolean;
  /** Says no when it cannot. */
  pause(): boolean;
  /** Says no when it was not paused. */
  resume(): boolean;
}

/**
 * Holds a session's connections back while at least one consumer that pulls can take no more. There is one connection for all, so all of them wait:
 * only then does the peer wait too, and nothing has to be kept or dropped.
 */
export class Brake {
  readonly #holders = new Set<object>();
  #held: Held | null = null;
  #isLifted = false;
  #resumedAt = -Infinity;

  /** Whether the network was not read, now or for a while since that time, by the clock of `performance`: silence then says nothing of the peer. */
  wasPausedSince(time: number): boolean {
    return this.#resumedAt >= time || (!this.#isLifted && this.#holders.size > 0 && this.#held?.pause() === true);
  }

  /** This is what is held back from now on: a new connection begins as the last one was left. */
  slow(held: Held | null): void {
    this.#held = held;
    this.lower();
  }

  /** Holds nothing back for a while: what the peer says now has to be heard, whoever is busy. */
  lift(): void {
    this.#isLifted = true;
    this.#resume();
  }

  /** Holds back again. */
  lower(): void {
    this.#isLifted = false;
    if (this.#holders.size > 0) this.#held?.pause();
  }

  /** Says no when there is nothing that can be held back; it may be asked again at any time. */
  hold(holder: object): boolean {
    this.#holders.add(holder);
    if (this.#held === null) return false;
    return this.#isLifted ? this.#held.canPause : this.#held.pause();
  }

  release(holder: object): void {
    if (!this.#holders.delete(holder) || this.#holders.size > 0) return;
    this.#resume();
  }

  #resume(): void {
    if (this.#held?.resume() === true) this.#resumedAt = performance.now();
  }
}

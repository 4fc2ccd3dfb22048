/** What a brake holds back: a connection. */
interface Held {
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
  #resumedAt = -Infinity;

  /** Whether the network was not read, now or for a while since that epoch time: silence then says nothing of the peer. */
  wasPausedSince(time: number): boolean {
    return this.#resumedAt >= time || (this.#holders.size > 0 && this.#held?.pause() === true);
  }

  /** This is what is held back from now on: a new connection begins as the last one was left. */
  slow(held: Held | null): void {
    this.#held = held;
    if (this.#holders.size > 0) held?.pause();
  }

  /** Says no when there is nothing that can be held back; it may be asked again at any time. */
  hold(holder: object): boolean {
    this.#holders.add(holder);
    return this.#held?.pause() ?? false;
  }

  release(holder: object): void {
    if (!this.#holders.delete(holder) || this.#holders.size > 0) return;
    if (this.#held?.resume() === true) this.#resumedAt = Date.now();
  }
}

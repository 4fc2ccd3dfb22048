import type { ConnectionEnd } from './Connection.js';

/** Counts the connections of a session (S8). */
export class Attempts {
  readonly #stableAfter: number;
  readonly #startedAt = performance.now();
  #made = 0;
  #next = 0;
  #lastStableEnd: number | null = null;

  constructor(stableAfter: number) {
    this.#stableAfter = stableAfter;
  }

  /** How many connections the session has made. */
  get made(): number {
    return this.#made;
  }

  /** The number of the retry to come: 1 again after a stable connection. */
  get retry(): number {
    return Math.max(1, this.#next);
  }

  /** Ms since the last stable connection ended, or since the session began when there was none. */
  get elapsed(): number {
    return Math.round(performance.now() - (this.#lastStableEnd ?? this.#startedAt));
  }

  /** Gives the number of a connection that is made now. */
  begin(): number {
    this.#made++;
    return this.#next;
  }

  /** A policy has decided on a retry. */
  beRetry(): void {
    this.#next = this.retry;
  }

  /** The connection with this number has ended. */
  end(attempt: number, { opened, uptime }: ConnectionEnd): void {
    const wasStable = opened && uptime >= this.#stableAfter;
    this.#next = wasStable ? 0 : attempt + 1;
    if (wasStable) this.#lastStableEnd = performance.now();
  }
}

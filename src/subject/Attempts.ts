import type { ConnectionEnd } from './Connection.js';
import { Suspensions } from './Suspensions.js';

/** Counts the connections of a session (S8), and knows what keeps it from making one. */
export class Attempts {
  /** What lets none be made. */
  readonly suspensions = new Suspensions();
  /** Whether the program has ended the present connection for another one to take its place. */
  isReplaced = false;
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

  /**
   * Whether the program has ended the present connection and not the session (S5): ms until another one takes its place, `Infinity` while none may; else
   * `null`.
   */
  get replacement(): number | null {
    if (!this.isReplaced) return null;
    return this.suspensions.isEmpty ? 0 : Infinity;
  }

  /** Gives the number of a connection that is made now. */
  begin(): number {
    this.isReplaced = false;
    this.#made++;
    return this.#next;
  }

  /** A policy has decided on a retry. */
  beRetry(): void {
    this.#next = this.retry;
  }

  /** The connection with this number has ended. One that the program has ended, for another to take its place, did not fail. */
  end(attempt: number, { opened, uptime }: ConnectionEnd): void {
    const wasStable = opened && uptime >= this.#stableAfter;
    this.#next = wasStable ? 0 : this.isReplaced ? attempt : attempt + 1;
    if (wasStable) this.#lastStableEnd = performance.now();
  }
}

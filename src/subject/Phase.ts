import type { SocketConnecting, SocketOpen } from './events.js';
import type { Wait } from './link.js';
import type { SocketStatus } from './SocketStatus.js';
import type { Why } from './Suspensions.js';

/** The status without `queued`, as sessions tell it. */
export type StatusFacts = SocketStatus extends infer Status ? (Status extends unknown ? Omit<Status, 'queued'> : never) : never;

/** Where a session is that is not over: between connections, connecting, open, or closing. */
export class Phase<In, Out> {
  #since = 0;
  #event: SocketConnecting | SocketOpen<In, Out> | null = null;
  #told: SocketConnecting | SocketOpen<In, Out> | null = null;
  #closing: { readonly code: number; readonly reason: string } | null = null;

  /** What those who come late receive first (S11). */
  get event(): SocketConnecting | SocketOpen<In, Out> | null {
    return this.#event;
  }

  /** Whether the event is about to be told. */
  get isNews(): boolean {
    return this.#event !== null && this.#event !== this.#told;
  }

  enter(event: SocketConnecting | SocketOpen<In, Out>): void {
    this.#event = event;
    this.#since = Date.now();
  }

  /** Gives the event, to be told. */
  tell(): SocketConnecting | SocketOpen<In, Out> | null {
    this.#told = this.#event;
    return this.#event;
  }

  /** Our Close is sent, or about to be. */
  close({ code, reason }: { readonly code: number; readonly reason: string }): void {
    this.#closing = { code, reason };
    this.#since = Date.now();
  }

  /** There is no connection any more. */
  leave(): void {
    this.#event = null;
    this.#closing = null;
  }

  /** The status; without a connection and without a wait nothing has changed yet. */
  status(wait: Wait<In, Out> | undefined, suspended: Why | undefined): StatusFacts | undefined {
    const since = this.#since;
    if (this.#closing !== null) return { state: 'closing', since, ...this.#closing };
    const phase = this.#event;
    if (phase?.type === 'open') return { state: 'open', since, attempt: phase.attempt, protocol: phase.protocol };
    if (phase !== null) return { state: 'connecting', since, attempt: phase.attempt };
    if (wait === undefined) return undefined;
    const { event, until } = wait;
    const { attempt, closeEvent } = event;
    const explained = suspended === undefined ? ({ why: 'delay', until: Number.isFinite(until) ? until : null } as const) : ({ why: suspended, until: null } as const);
    return { state: 'waiting', ...explained, attempt, closeEvent, retryNow: () => event.retryNow() };
  }
}

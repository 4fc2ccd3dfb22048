import type { Observable, Subscription } from 'rxjs';
import type { Attempts } from './Attempts.js';
import type { Brake } from './Brake.js';
import type { CloseValue, SocketReconnecting } from './events.js';
import type { SocketWarning } from './SocketWarning.js';
import type { Sink } from './source.js';
import type { Turns } from './Turns.js';
import type { Waits } from './Waits.js';

/** How a program asks a session to end; code and reason are valid by then. */
export interface EndRequest {
  readonly code: number;
  readonly reason: string;
  /** Sends the outbox first (S13). */
  readonly drain: boolean;
  /** Ms for draining and for the peer's answer together; `closeTimeout` when absent. */
  readonly timeout?: number | undefined;
  /** Holds Close back, after the drain, until its first value or its end. */
  readonly until?: Observable<unknown> | undefined;
  /** What subscribers get, after the close, in place of the terminal that the close itself would give (S2). */
  readonly error?: { readonly value: unknown };
}

/** A wait that an operator has registered with the session, so that `close()` on any face ends it (S5). */
export interface Wait<In, Out> {
  readonly event: SocketReconnecting;
  /** Epoch ms. */
  readonly until: number;
  /** Has it end in so many ms; says no when it ends before. */
  hasten(ms: number): boolean;
  /** Gets the end when a program ends the session during the wait. */
  readonly sink: Sink<In, Out>;
  /** Whoever waits: closed to dismiss it without a terminal. */
  readonly subscription: Subscription;
}

/** What a socket event knows of the session it belongs to. Operators find it by `linkOf`; an event that a program made has none. */
export interface SessionLink<In, Out> {
  /** Whether a program has ended the session, so that nothing may reconnect (S5). */
  readonly final: boolean;
  /** Whether its terminal is told, or about to be. */
  readonly isOver: boolean;
  /** Whether it has a connection that is open. */
  readonly isOpen: boolean;
  readonly attempts: Pick<Attempts, 'made' | 'retry' | 'elapsed' | 'replacement'>;
  /** How the last connection ended, or the session; `null` when none has yet. */
  readonly closeEvent: CloseValue | null;
  /** Holds the connection back for consumers that pull. While it is held nothing is heard of the peer. */
  readonly brake: Brake;
  readonly waits: Pick<Waits<In, Out>, 'add' | 'resume' | 'arrived' | 'cancel' | 'endAll' | 'hasten' | 'suspend'>;
  /** What is told now comes before what it brings about. */
  readonly turns: Pick<Turns, 'join'>;
  /** Ends the present connection for another one to take its place. */
  leave(close: { readonly code: number; readonly reason: string }): void;
  end(request: EndRequest): void;
  /** Ends a subscription once the session is over; at once when it is. */
  keep(subscription: Subscription): void;
  warn(warning: SocketWarning): void;
}

// A registered symbol, so that the ES and the CommonJS build of the library know each other's events.
const linkKey = Symbol.for('websocket-subject.link');

/** Gives an event its hidden link. */
export function link<Event extends object, In, Out>(event: Event, session: SessionLink<In, Out>): Event {
  return Object.defineProperty(event, linkKey, { value: session });
}

/** The session that an event belongs to; `In` and `Out` are those of the stream that it came by. */
export const linkOf = <In, Out>(event: object): SessionLink<In, Out> | undefined =>
  (event as { [linkKey]?: SessionLink<In, Out> })[linkKey];

/** Whether a program has ended the session (S5); never for an event that a program made. */
export const isFinal = (session: SessionLink<never, never> | undefined): boolean => session?.final === true;

import type { Subscription } from 'rxjs';
import { sessionKey } from '../close/sessionKey.js';
import type { SocketWarning } from '../config/SocketWarning.js';
import type { Environment } from '../connection/Environment.js';
import type { EndRequest } from './EndRequest.js';
import type { EventQueue } from './EventQueue.js';
import type { CloseValue, SocketReconnecting } from './events.js';
import type { Sink } from './source.js';

/** A retry that an operator has registered with the session, so that `close()` of any subject ends it (S5). */
export interface PendingRetry<In, Out> {
  readonly event: SocketReconnecting;
  /** When it is due, in epoch milliseconds. */
  readonly until: number;
  /** Receives the end when your code ends the session before the retry. */
  readonly sink: Sink<In, Out>;
  /** Closing it cancels the retry without a terminal. */
  readonly subscription: Subscription;
  /** Reconnects, if it is due and connections are not suspended. */
  resume(): void;
  /** Shortens the wait to so many milliseconds. Returns false if it ends before that anyway. */
  shorten(ms: number): boolean;
}

/** A reason to make no connection. */
export interface Suspension {
  readonly why: 'offline' | 'suspended';
  /** Called when a connection opens all the same. */
  opened?(): void;
}

/** The waits of a session, made by the first operator that needs them. */
export interface SessionWaits<In, Out> {
  readonly retries: PendingRetry<In, Out>[];
  readonly suspensions: Suspension[];
  /** The retry that is due first: who subscribes during the wait receives its `reconnecting` (S11). */
  readonly next: PendingRetry<In, Out> | undefined;
  /** What the status says; a suspension of your own comes first. */
  readonly why: 'delay' | Suspension['why'];
  cancel(retry: PendingRetry<In, Out>): void;
  /** Ends a wait and subscribes to the source again. */
  resume(retry: PendingRetry<In, Out>, subscribe: () => void): void;
  /** Allows no connection until the subscription is closed. */
  suspend(suspension: Suspension): Subscription;
  /** Emits the status of a wait, when something of it has changed. */
  update(): void;
}

/**
 * What operators know of the session that a socket event belongs to. They find it by `sessionOf`; an event that your code made has none.
 *
 * A session goes on as long as it has a subscriber or a pending retry.
 */
export interface SessionLink<In, Out> {
  waits: SessionWaits<In, Out> | undefined;
  /** Delivers what is caused by an event after that event. */
  readonly queue: EventQueue;
  /** While another connection is about to take the place of one that your code has ended. */
  readonly replaced: SocketReconnecting | null;
  /** Ends the session if nobody is left, or connects for a subscriber that waits. */
  goOn(): void;
  /** Makes the connection of the next retry, if a subscriber waits for it. */
  connectNext(): void;
  finishIfUnused(): void;
  setWaiting(event: SocketReconnecting, until: number): void;
  readonly environment: Environment;
  /** Whether nothing may reconnect any more, because your code ended the session (S5). */
  readonly isFinal: boolean;
  /** Whether subscribers and values that come now belong to the next session. */
  readonly isDetached: boolean;
  /** Whether its terminal is delivered, or about to be. */
  readonly isOver: boolean;
  /** Whether everything was delivered: nothing can keep it going any more. */
  readonly isDelivered: boolean;
  readonly connection: { readonly isOpen: boolean } | null;
  /** How the last connection ended, or the session; `null` when none has yet. */
  readonly closeEvent: CloseValue | null;
  /** How many connections it has made. */
  readonly made: number;
  /** The number of the next retry: 1 again after a stable connection. */
  readonly retryNumber: number;
  /** Milliseconds since the last stable connection ended, or since the session began when there was none. */
  readonly elapsed: number;
  /** Ends the present connection, not the session: another one takes its place. */
  replaceConnection(code: number, reason: string): void;
  end(request: EndRequest): void;
  /** Takes the next step of an end, as far as it can go now. */
  proceed(): void;
  /** Closes a subscription once the session is over; at once when it is. */
  keep(subscription: Subscription): void;
  warn(warning: SocketWarning): void;
}

/** Returns the session that an event belongs to; `In` and `Out` are those of its stream. */
export const sessionOf = <In, Out>(event: object): SessionLink<In, Out> | undefined => (event as { [sessionKey]?: SessionLink<In, Out> })[sessionKey];

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
  /** When it is due, as a time of `Date.now()`. */
  readonly until: number;
  /** Receives the end when your code ends the session before the retry. */
  readonly sink: Sink<In, Out>;
  /** Closing it cancels the retry without a terminal. */
  readonly subscription: Subscription;
  /** Reconnects, if it is due and connections are not suspended. */
  connectIfDue(): void;
  /** Shortens the wait to `ms` milliseconds. Returns false if it already ends sooner. */
  shorten(ms: number): boolean;
}

/** A reason not to connect. */
export interface Suspension {
  readonly why: 'offline' | 'suspended';
  /** Called if a connection opens nevertheless. */
  opened?(): void;
}

/** The waits of a session, made by the first operator that needs them. */
export interface SessionWaits<In, Out> {
  readonly retries: PendingRetry<In, Out>[];
  readonly suspensions: Suspension[];
  /** The next retry that is due. A new subscriber during the wait receives its `reconnecting` (S11). */
  readonly next: PendingRetry<In, Out> | undefined;
  /** The `why` of the status; `suspended` comes before `offline`. */
  readonly why: 'delay' | Suspension['why'];
  cancel(retry: PendingRetry<In, Out>): void;
  /** Ends a wait: connects, and subscribes to the source again. */
  connectFor(retry: PendingRetry<In, Out>, subscribe: () => void): void;
  /** Prevents connections until the subscription is closed. */
  suspend(suspension: Suspension): Subscription;
  /** Emits the status of a wait, when something of it has changed. */
  update(): void;
}

/**
 * The part of a session that operators use. They find it by `sessionOf(event)`; an event that your code made has none.
 *
 * A session goes on as long as it has a subscriber or a pending retry.
 */
export interface SessionLink<In, Out> {
  waits: SessionWaits<In, Out> | undefined;
  /** Delays tasks that an event causes until all subscribers have received the event. */
  readonly queue: EventQueue;
  /** The `reconnecting` after `reconnect()` or a close of `suspendWhile`, until the next attempt starts. */
  readonly pendingReplacement: SocketReconnecting | null;
  /** Called when a subscriber, a retry or a suspension is gone: ends an unused session; otherwise connects, if nothing prevents it. */
  connectOrEnd(): void;
  /** Makes the next connection, if a subscriber waits for it. */
  connect(): void;
  /** Finishes the session if it has no subscriber, no retry and no connection. */
  finishIfUnused(): void;
  /** Sets the status to `waiting`. */
  setWaiting(event: SocketReconnecting, until: number): void;
  readonly environment: Environment;
  /** Whether your code has ended the session: nothing may reconnect (S5). */
  readonly isEndRequested: boolean;
  /** Whether new subscribers and values belong to the next session. */
  readonly isDetached: boolean;
  /** Whether no connection can follow: the last close is being delivered, or was. */
  readonly isOver: boolean;
  readonly connection: { readonly isOpen: boolean } | null;
  /** How the last connection ended, or the session; `null` when none has yet. */
  readonly closeEvent: CloseValue | null;
  /** The last close that a subscriber of `events` has received (S13). */
  receivedClose: object | undefined;
  /** How many connections it has made. */
  readonly connectionCount: number;
  /** The number of the next retry: 1 again after a stable connection. */
  readonly retryNumber: number;
  /** How many closes in a row, the last one included, had the same code and `httpStatus`. */
  readonly repeats: number;
  /** Milliseconds since the last stable connection ended, or since the session began when there was none. */
  readonly elapsed: number;
  /** Ends the current connection, not the session: another one takes its place. */
  replaceConnection(code: number, reason: string): void;
  end(request: EndRequest): void;
  /** Continues a shutdown. */
  advanceShutdown(): void;
  /** Closes the subscription when the session finishes, or now if it has. */
  addTeardown(subscription: Subscription): void;
  warn(warning: SocketWarning): void;
}

/** Returns the session that an event belongs to; `In` and `Out` are those of its stream. */
export const sessionOf = <In, Out>(event: object): SessionLink<In, Out> | undefined => (event as { [sessionKey]?: SessionLink<In, Out> })[sessionKey];

import { Subscription } from 'rxjs';
import { CloseEvent, noFacts, type CloseFacts } from '../close/CloseEvent.js';
import { DeserializeError } from '../close/DeserializeError.js';
import { SocketError } from '../close/SocketError.js';
import { WebSocketCloseError } from '../close/WebSocketCloseError.js';
import type { MessageData } from '../config/config.js';
import type { Settings } from '../config/settings.js';
import type { SessionStatus } from '../config/SocketStatus.js';
import type { SocketWarning } from '../config/SocketWarning.js';
import type { Sendable } from '../connection/binary.js';
import { Connection, type ConnectionOwner } from '../connection/Connection.js';
import { inScope, type Environment } from '../connection/Environment.js';
import type { EndRequest } from './EndRequest.js';
import { EventQueue } from './EventQueue.js';
import { SocketConnecting, SocketOpen, SocketReconnecting, type CloseValue } from './events.js';
import type { SessionLink, SessionWaits } from './link.js';
import { OpenConnection } from './OpenConnection.js';
import type { Outbox, Queued } from './Outbox.js';
import { Shutdown } from './Shutdown.js';
import type { Sink } from './source.js';

/** The part of the core that a session uses. */
export interface SessionOwner<In, Out> {
  readonly settings: Settings<In, Out>;
  readonly environment: Environment;
  /** Whether any subject has a subscriber of yours. */
  readonly isUsed: boolean;
  /** Sets `isDetached`: later subscribers and values belong to the next session (S7). */
  detach(session: object): void;
  /** Takes all values out of an outbox of this session. */
  takeFrom(outbox: Outbox<Out>): Queued<Out>[];
  serialize(value: Out): Sendable;
  /** Calls an observer of the config (S16). */
  notify(observer: 'openObserver' | 'closingObserver' | 'closeObserver', value: unknown): void;
  warn(warning: SocketWarning): void;
  warnUnsent(unsent: readonly Queued<Out>[]): void;
  /** Runs `act`; reports errors of your teardowns in it on `warnings` (S16). */
  catchAndWarn(act: () => void): void;
  reportThrown(callback: string, error: unknown): void;
  setStatus(session: object, status: SessionStatus): void;
  /** Values were taken or sent. */
  queueChanged(): void;
  /** A session has an attempt to start, has sent its Close, or is finished: starts the attempts that may be made now (S7). */
  startNext(): void;
}

/** Milliseconds for which `reconnect()` waits for the server's Close at most. */
const maxReconnectTimeout = 1_000;

type Phase<In, Out> = SocketConnecting | SocketOpen<In, Out> | SocketReconnecting;

/**
 * Connections, one at a time, and the waits between them, from the first subscription of a subject to its terminal. Its one subscriber is the base
 * `Multicast`. It goes on as long as it has that subscriber or a pending retry.
 *
 *     alive ──┬── the last connection closed, no retry ─────────> over ──> finished
 *             └── end(): #shutdown is set, then it is detached ──> over ──> finished
 *
 *     detached   later subscribers and values belong to the next session; set by `Core.detach`
 *     over       no connection follows; the last close is being delivered
 *     finished   that close was delivered; the terminal follows in the same task
 *
 * `Core` makes sessions, and calls them for your code. `Connection` reports through `ConnectionOwner`, `Shutdown` and `OpenConnection` through interfaces
 * of their own; operators, and the `Waits` that they make, see a `SessionLink`.
 *
 * There are two kinds of wait. After `reconnect()` or `suspendWhile` the session itself waits (`pendingReplacement`): every subscriber takes part, and no
 * policy is asked. Waits that a policy has decided on are the `retries` of `waits`.
 */
export class Session<In, Out> implements SessionLink<In, Out>, ConnectionOwner {
  readonly environment: Environment;
  readonly outbox: Outbox<Out>;
  readonly queue = new EventQueue();
  waits: SessionWaits<In, Out> | undefined;
  connection: Connection | null = null;
  isDetached = false;
  isOver = false;
  isFinished = false;
  connectionCount = 0;
  closeEvent: CloseValue | null = null;
  repeats = 0;
  receivedClose: object | undefined;
  readonly #owner: SessionOwner<In, Out>;
  #subscriber: Sink<In, Out> | null = null;
  #openConnection: OpenConnection<In, Out> | null = null;
  /** The event that a late subscriber receives first (S11). */
  #phase: Phase<In, Out> | null = null;
  #shutdown: Shutdown | null = null;
  /** Values that `end()` removed from the outbox; the close event lists them as `unsent`. */
  #unsent: readonly Queued<Out>[] = [];
  /** Errors the subscribers with this value, whatever the close; set by `end()` and `refused()`. */
  #error: { readonly value: unknown } | undefined;
  /** Set by `reconnect()` and `suspendWhile`: connect again after this close, without asking a policy. */
  #isReplaced = false;
  #ignoresReconnect = false;
  #isFlushing = false;
  /** The number of the next connection (S8). */
  #attempt = 0;
  /** When the last stable connection ended, or the session began. */
  #elapsedSince = performance.now();
  #teardowns: Subscription | undefined;

  constructor(owner: SessionOwner<In, Out>, outbox: Outbox<Out>) {
    this.#owner = owner;
    this.environment = owner.environment;
    this.outbox = outbox;
  }

  get pendingReplacement(): SocketReconnecting | null {
    return this.#phase?.type === 'reconnecting' ? this.#phase : null;
  }

  /** Whether new subscribers and values belong to this session. */
  get isJoinable(): boolean {
    return !this.isDetached && !this.isOver;
  }

  get isEndRequested(): boolean {
    return this.#shutdown !== null;
  }

  get retryNumber(): number {
    return this.#attempt;
  }

  get elapsed(): number {
    return Math.round(performance.now() - this.#elapsedSince);
  }

  // --- subscribing

  /** Attaches the base `Multicast`: it receives the current phase (S11), or a connection begins. */
  attach(sink: Sink<In, Out>, subscription: Subscription): void {
    this.#subscriber = sink;
    subscription.add(() => {
      if (this.#subscriber !== sink) return;
      this.#subscriber = null;
      this.connectOrEnd();
    });
    const present = this.#phase ?? this.waits?.next?.event;
    if (present) this.queue.join(() => sink.event(present));
    else this.queue.run(() => this.connect());
  }

  addTeardown(subscription: Subscription): void {
    if (this.isFinished) subscription.unsubscribe();
    else (this.#teardowns ??= new Subscription()).add(subscription);
  }

  // --- connecting

  /** Makes a connection, unless there is one or no subscriber for it. */
  connect(): void {
    // `unsubscribe()` of the subject detaches before the last subscriber is gone (S9).
    if (this.connection || this.isDetached) return;
    // The wait is over, also for a retry that subscribes next.
    this.#phase = null;
    if (!this.#subscriber) return;
    // The error of a constructor belongs to the subscribers of its attempt.
    this.#error = undefined;
    const connection = (this.connection = new Connection(this.#owner.settings, this.#attempt, this));
    this.connectionCount++;
    this.#isReplaced = false;
    this.#setStatus({ state: 'connecting', since: Date.now(), attempt: connection.attempt });
    this.#enter(new SocketConnecting(connection.attempt, this, connection));
    // A subscriber may unsubscribe while handling `connecting`. If none is left, or the signal was aborted before, the session ends next.
    const willEnd = this.#isAbandoned || (!this.#shutdown && this.#owner.settings.signal?.aborted === true);
    if (!connection.isReleased && !willEnd) this.startNext();
  }

  /** Starts the pending attempt, if there is one. Returns whether a later session may start its own: this one has no transport that may be open. */
  start(): boolean {
    // Functions of the config may make timers, too.
    inScope(this.environment, () => this.connection?.start(this.closeEvent));
    return this.connection?.isReleased ?? true;
  }

  opened(transportEvent: unknown): void {
    this.queue.run(() => {
      const { connection } = this;
      if (!connection?.isOpen) return;
      for (const suspension of this.waits?.suspensions.slice() ?? []) suspension.opened?.();
      const { attempt, transport } = connection;
      // workerd has `null` for none.
      const protocol = transport?.protocol ?? '';
      const open = new OpenConnection<In, Out>(this, connection);
      this.#openConnection = open;
      this.#setStatus({ state: 'open', since: Date.now(), attempt, protocol });
      this.#owner.notify('openObserver', transportEvent);
      if (!connection.isReleased) this.#enter(new SocketOpen<In, Out>(attempt, protocol, transport?.extensions ?? '', open));
      // A subscriber may unsubscribe while handling `open`. If none is left, don't send the outbox: the session ends next and reports it (S13).
      if (!this.#isAbandoned) this.#openOutbox();
    });
  }

  #enter(phase: Phase<In, Out>): void {
    this.#phase = phase;
    this.#subscriber?.event(phase);
  }

  /** Ends the current connection and makes another one in its place (S5). */
  replaceConnection(code: number, reason: string, timeout?: number): void {
    const { connection } = this;
    if (!connection || this.#shutdown) return;
    this.#isReplaced = true;
    if (connection.isOpen) connection.close(code, reason, timeout);
    else if (!connection.isReleased) connection.cancel(code, reason);
  }

  /** Reconnects immediately. Further calls before the next microtask do nothing: a call inside `connecting` would loop. */
  reconnect(): void {
    if (this.#ignoresReconnect) return;
    this.#ignoresReconnect = true;
    void Promise.resolve().then(() => (this.#ignoresReconnect = false));
    this.replaceConnection(1000, '', Math.min(this.#owner.settings.closeTimeout, maxReconnectTimeout));
    if (!this.connection) for (const { event } of this.waits?.retries.slice() ?? []) event.retryNow();
  }

  // --- waiting

  /** Called when a subscriber, a retry or a suspension is gone. Ends an unused session (S9); otherwise connects, if nothing prevents it. */
  connectOrEnd(): void {
    this.queue.run(() => {
      const { waits } = this;
      if (this.#isAbandoned) this.end({ code: this.#owner.settings.unsubscribeCode, reason: '' });
      else if (!waits?.suspensions.length && (this.pendingReplacement || !waits?.retries.length)) {
        this.connect();
        // The subscribers of a replacement may have left: the status shows the retry that still waits.
        waits?.update();
      }
    });
  }

  finishIfUnused(): void {
    if (this.#isAbandoned && !this.connection) this.#finish(this.closeEvent);
  }

  setWaiting(event: SocketReconnecting, until: number): void {
    const why = this.waits?.why ?? 'delay';
    // Not those of the event: its retry may still wait for a connection that another one has made meanwhile.
    const closeEvent = this.closeEvent as CloseValue;
    this.#setStatus({ state: 'waiting', why, until: why === 'delay' ? until : null, attempt: this.#attempt, closeEvent, retryNow: () => event.retryNow() });
  }

  // --- sending

  serialize(value: unknown): Sendable {
    return this.#owner.serialize(value as Out);
  }

  /** Sends on the open connection when nothing waits before. Returns the connection, or `undefined` when the value must wait. */
  trySend(data: Sendable): Connection | undefined {
    const { connection, outbox } = this;
    if (this.isDetached || !connection || !this.#openConnection?.isOutboxOpen) return undefined;
    // The transport may have room again for the queued values.
    if (outbox.length > 0) this.flush();
    if (outbox.length > 0 || !connection.hasRoom) return undefined;
    try {
      connection.send(data);
      return connection;
    } catch {
      // The value waits. `flush()` meets the same error, and aborts the connection.
      return undefined;
    }
  }

  /** Whether `next()` would still send on this connection. */
  sendsTo(connection: object | undefined): boolean {
    const present = this.connection;
    return !this.isDetached && present === connection && present.canSend;
  }

  resumeSending(): void {
    this.queue.run(() => this.#openOutbox());
  }

  /** Sends the outbox; from then on `next()` sends at once (S12). */
  #openOutbox(): void {
    if (this.connection?.isReleased || !this.#openConnection?.openOutbox()) return;
    if (this.outbox.isCompleted && !this.#shutdown) this.end({ code: 1000, reason: '', drain: true });
    this.flush();
    this.advanceShutdown();
  }

  /** Sends the outbox, as far as the transport can keep up. A value that it refuses stays first and ends the connection. */
  flush(): void {
    const { connection, outbox } = this;
    if (!connection || !this.#openConnection?.isOutboxOpen || this.#isFlushing) return;
    this.#isFlushing = true;
    try {
      outbox.sendTo(connection);
    } catch (cause) {
      connection.abort(cause);
    } finally {
      this.#isFlushing = false;
    }
    if (outbox.length > 0 && connection.canSend) connection.whenLow(() => this.resumeSending());
    this.#owner.queueChanged();
  }

  // --- receiving

  received(event: { readonly data: MessageData }): void {
    // As `queue.run` does, without a closure for each message.
    const { queue } = this;
    if (queue.begin()) {
      try {
        this.#deliver(event);
      } catch (error) {
        // A subscriber that ends in a message runs its teardowns, and RxJS lets them throw (S16).
        this.reportThrown('finalizer', error);
      } finally {
        queue.end();
      }
    } else {
      // Meanwhile a subscriber may close (S18).
      queue.run(() => this.connection?.closing ?? this.#owner.catchAndWarn(() => this.#deliver(event)));
    }
  }

  #deliver(event: { readonly data: MessageData }): void {
    let message: In;
    try {
      message = this.#owner.settings.deserializer(event);
    } catch (error) {
      this.#reject(event.data, error);
      return;
    }
    // S18: until our Close, which the deserializer may have sent.
    if (this.connection?.closing) return;
    this.#openConnection?.messageSubject?.next(message);
    this.#subscriber?.message(message);
  }

  /** A message could not be read (S14). */
  #reject(data: unknown, thrown: unknown): void {
    const { onInvalid } = this.#owner.settings;
    // Checked by name: importing the class would put it into every bundle.
    const isSchemaError = thrown instanceof SocketError && thrown.name === 'SchemaError';
    const error = isSchemaError ? (thrown as SocketError & { readonly data: unknown }) : new DeserializeError(data, thrown);
    if (onInvalid === 'error') {
      // A graceful end under way keeps its code.
      const { code = 1000, reason = '' } = this.#shutdown?.request ?? {};
      this.end({ code, reason, error: { value: error } });
      return;
    }
    if (this.#openConnection) this.#openConnection.unreadable++;
    this.warn({ kind: 'invalid', error, data: error.data });
    // Ends the connection, not the session: the policy decides. A graceful end under way ignores it.
    if (onInvalid !== 'drop' && !this.#shutdown) this.connection?.close(onInvalid.code, onInvalid.reason);
  }

  // --- ending

  /** Your code ends the session (S5). */
  end(request: EndRequest): void {
    if (this.isOver) return;
    const present = this.#shutdown;
    if (present) {
      // A second end is ignored, unless it stops the sending of the outbox.
      const isDraining = present.request.drain && !present.isCloseSent && this.connection?.isReleased === false;
      if (request.drain || !isDraining) return;
      present.stop();
    }
    this.#error = request.error;
    if (!request.drain) this.#unsent = this.#owner.takeFrom(this.outbox);
    this.#shutdown = new Shutdown(this, request, this.#owner.settings.closeTimeout);
    this.#owner.detach(this);
    // Not before: a subscriber of the status may end the session itself, or begin the next one.
    this.#owner.queueChanged();
    this.advanceShutdown();
  }

  get #isUnused(): boolean {
    return !this.#subscriber && !this.waits?.retries.length;
  }

  /** Whether no subscriber and no retry is left, and no end was asked for: the session must end (S9). */
  get #isAbandoned(): boolean {
    return this.#isUnused && !this.#shutdown;
  }

  advanceShutdown(): void {
    this.#shutdown?.advance();
  }

  get isDrained(): boolean {
    return this.#openConnection?.isOutboxOpen === true && this.outbox.length === 0;
  }

  endUnconnected({ code, reason }: EndRequest): void {
    // The last close may still be in delivery, and the session may be over after it.
    this.queue.run(() => {
      if (!this.isOver) this.#settle({ ...noFacts, wasClean: true, code, reason, attempt: this.retryNumber });
    });
  }

  startNext(): void {
    this.#owner.startNext();
  }

  closing(sent: CloseFacts['sent']): void {
    this.#openConnection?.stopWork();
    if (sent) this.#setStatus({ state: 'closing', since: Date.now(), ...sent });
  }

  refused(error: unknown): void {
    this.queue.run(() => {
      this.#leaveConnection();
      this.#error = { value: error };
      this.#deliverEnd(null);
    });
  }

  ended(end: CloseFacts): void {
    this.queue.run(() => {
      const isStable = end.opened && end.uptime >= this.#owner.settings.stableAfter;
      if (isStable) this.#elapsedSince = performance.now();
      const attempt = isStable ? 0 : end.attempt;
      this.#attempt = this.#isReplaced ? attempt : attempt + 1;
      this.#leaveConnection();
      // Your code asked first: the end is local, even if the server or the network closed before our Close was sent.
      this.#settle(this.#shutdown?.isCloseSent === false ? { ...end, initiator: 'local' } : end);
    });
  }

  #leaveConnection(): void {
    this.#shutdown?.stop();
    const open = this.#openConnection;
    this.connection = this.#openConnection = this.#phase = null;
    open?.end();
    // `drained()` does not wait for its transport any more.
    this.#owner.queueChanged();
  }

  /** Returns, once, the values that no later session will send. */
  #takeUnsent(): readonly Queued<Out>[] {
    if (!this.isDetached) return [];
    const unsent = [...this.#unsent, ...this.#owner.takeFrom(this.outbox)];
    this.#unsent = [];
    this.#owner.queueChanged();
    return unsent;
  }

  /** A connection has ended, or your code has ended the session without one. */
  #settle(facts: CloseFacts): void {
    const unsent = this.#takeUnsent();
    // Only an end by your code leaves values unsent.
    const initiator = unsent.length > 0 ? 'local' : facts.initiator;
    const event = new CloseEvent('close', undefined, { ...facts, initiator, unsent: unsent.map(({ value }) => value) }, this) as CloseValue;
    this.repeats = this.closeEvent?.code === event.code && this.closeEvent.httpStatus === event.httpStatus ? this.repeats + 1 : 1;
    this.closeEvent = event;
    if (this.#subscriber && this.#isReplaced && !this.#shutdown) this.#awaitReplacement(event);
    else this.#deliverEnd(event, unsent);
  }

  /** Delivers a close, `null` if the constructor threw; then, unless an operator retries, ends the session. */
  #deliverEnd(event: CloseValue | null, unsent: readonly Queued<Out>[] = []): void {
    const subscriber = this.#subscriber;
    // A new subscriber must not receive this close: it receives the `reconnecting` of a retry, or begins a new session.
    this.#subscriber = null;
    // A copy from before the policies: one may end the session after another has registered a retry, whose subscriber must receive one close, not two.
    const waitingSinks = this.waits?.retries.map(({ sink }) => sink) ?? [];
    // S10: first, the operators decide.
    const mayStillReconnect = event && !this.#shutdown && subscriber?.decide?.(event) === 'later';
    // If your code has ended the session, operators that wait for a retry receive the end, too.
    const recipients = [...(subscriber ? [subscriber] : []), ...(this.#shutdown ? waitingSinks : [])];
    // Second, the status shows whether a retry follows.
    if (this.#shutdown || (this.#isUnused && !mayStillReconnect)) this.#setOver(event);
    else this.waits?.update();
    // Third, subscribers receive the close, and, if the session is over, the terminal.
    if (event) {
      for (const sink of recipients) this.#owner.catchAndWarn(() => sink.event(event));
      this.#owner.notify('closeObserver', event);
    }
    if (this.isOver || this.#isUnused) this.#finish(event);
    // An operator behind a custom operator has decided only now.
    else if (mayStillReconnect) this.waits?.update();
    const closeError = event?.wasClean === false ? { value: new WebSocketCloseError(event) } : undefined;
    const error = this.#error ?? closeError;
    // An operator has no subscriber while its subject lingers (S9).
    const isInError = closeError && error === closeError && (waitingSinks.length > 0 || (subscriber !== null && this.#owner.isUsed));
    for (const sink of recipients) this.#owner.catchAndWarn(() => (error ? sink.error(error.value) : sink.complete()));
    if (!isInError && this.receivedClose !== event && !this.#owner.settings.closeObserver) this.#owner.warnUnsent(unsent);
  }

  /** The connection was replaced: subscribers go on, with or without an operator that reconnects. */
  #awaitReplacement(closeEvent: CloseValue): void {
    const delay = this.waits?.suspensions.length ? Infinity : 0;
    // Its `retryNow()` has nothing to do: this connects below, or as soon as the suspension ends.
    const reconnecting = new SocketReconnecting(this.#attempt, delay, closeEvent, () => undefined, this);
    this.setWaiting(reconnecting, Date.now());
    this.#enter(reconnecting);
    this.#owner.notify('closeObserver', closeEvent);
    this.connectOrEnd();
  }

  #setOver(closeEvent: CloseValue | null): void {
    if (this.isOver) return;
    this.isOver = true;
    const refusal = closeEvent ? {} : { error: this.#error?.value };
    this.#owner.setStatus(this, { state: 'closed', closeEvent, ...refusal, attempts: this.connectionCount, since: Date.now() });
  }

  #finish(closeEvent: CloseValue | null): void {
    this.#setOver(closeEvent);
    this.isFinished = true;
    // Your code ended the session while the last close was delivered: too late for `unsent` of that event.
    this.#owner.warnUnsent(this.#takeUnsent());
    this.outbox.rejectTaken(closeEvent, closeEvent ? closeEvent.cause : this.#error?.value);
    this.#owner.queueChanged();
    this.#owner.startNext();
    this.#teardowns?.unsubscribe();
  }

  // --- status and warnings

  #setStatus(status: SessionStatus): void {
    if (!this.isOver) this.#owner.setStatus(this, status);
  }

  warn(warning: SocketWarning): void {
    this.#owner.warn(warning);
  }

  reportThrown(callback: string, error: unknown): void {
    this.#owner.reportThrown(callback, error);
  }
}

import { Subscription } from 'rxjs';
import { CloseEvent, type CloseFacts } from '../close/CloseEvent.js';
import { DeserializeError } from '../close/DeserializeError.js';
import { WebSocketCloseError } from '../close/WebSocketCloseError.js';
import type { MessageData } from '../config/config.js';
import type { Settings } from '../config/settings.js';
import type { SessionStatus } from '../config/SocketStatus.js';
import type { SocketWarning } from '../config/SocketWarning.js';
import type { Sendable } from '../connection/binary.js';
import { Connection, type ConnectionOwner } from '../connection/Connection.js';
import type { Environment } from '../connection/Environment.js';
import type { EndRequest } from './EndRequest.js';
import { EventQueue } from './EventQueue.js';
import { SocketConnecting, SocketOpen, SocketReconnecting, type CloseValue } from './events.js';
import type { SessionLink, SessionWaits } from './link.js';
import { OpenConnection } from './OpenConnection.js';
import type { Outbox } from './Outbox.js';
import { Shutdown } from './Shutdown.js';
import type { Sink } from './source.js';

/** What the sessions of a subject share. */
export interface SessionOwner<In, Out> {
  readonly settings: Settings<In, Out>;
  readonly environment: Environment;
  /** From now on subscribers and values belong to the session after this one (S7). */
  detach(session: object): void;
  /** Takes all values out of an outbox of this session. */
  takeFrom(outbox: Outbox<Out>): Out[];
  serialize(value: Out): Sendable;
  /** Calls an observer of the config (S16). */
  notify(observer: 'openObserver' | 'closingObserver' | 'closeObserver', value: unknown): void;
  warn(warning: SocketWarning): void;
  warnUnsent(values: readonly unknown[]): void;
  /** Runs what may run a teardown of yours, which may throw (S16). */
  survive(act: () => void): void;
  setStatus(session: object, status: SessionStatus): void;
  /** Values were taken or sent. */
  queueChanged(): void;
  /** A session has sent its Close, or given its transport up: a later one may connect (S7). */
  released(): void;
}

type Phase<In, Out> = SocketConnecting | SocketOpen<In, Out> | SocketReconnecting;

/**
 * One run of a subject, from the subscription that starts it to its terminal: connections, one at a time, and the waits between them.
 *
 *     alive ──> detached (later subscribers and values belong to the next session) ──> ending (your code asked) ──> over
 *
 * Its one subscriber is the base `Multicast`. It goes on as long as it has that subscriber or a pending retry.
 */
export class Session<In, Out> implements SessionLink<In, Out>, ConnectionOwner {
  readonly environment: Environment;
  readonly outbox: Outbox<Out>;
  readonly queue = new EventQueue();
  waits: SessionWaits<In, Out> | undefined;
  connection: Connection | null = null;
  isDetached = false;
  isOver = false;
  isDelivered = false;
  made = 0;
  closeEvent: CloseValue | null = null;
  readonly #owner: SessionOwner<In, Out>;
  #previous: Session<In, Out> | null;
  #subscriber: Sink<In, Out> | null = null;
  #open: OpenConnection<In, Out> | null = null;
  /** What a late subscriber receives first (S11). */
  #phase: Phase<In, Out> | null = null;
  #shutdown: Shutdown | null = null;
  /** Values that an end has taken from the outbox; the close names them. */
  #unsent: Out[] = [];
  /** In place of the terminal that the close itself would give. */
  #error: { readonly value: unknown } | undefined;
  /** Whether your code ended the present connection, not the session. */
  #isReplaced = false;
  #isReconnecting = false;
  #isFlushing = false;
  #nextAttempt = 0;
  #stableEnd = performance.now();
  #kept: Subscription | undefined;

  /** `previous` is the session before it, which may still have a connection. */
  constructor(owner: SessionOwner<In, Out>, outbox: Outbox<Out>, previous: Session<In, Out> | null) {
    this.#owner = owner;
    this.environment = owner.environment;
    this.outbox = outbox;
    this.#previous = previous;
  }

  /** The session before it that is not over, or `null`. */
  get previous(): Session<In, Out> | null {
    while (this.#previous?.isDelivered) this.#previous = this.#previous.#previous;
    return this.#previous;
  }

  get replaced(): SocketReconnecting | null {
    return this.#phase?.type === 'reconnecting' ? this.#phase : null;
  }

  /** Whether subscribers and values that come now belong to it. */
  get isJoinable(): boolean {
    return !this.isDetached && !this.isOver;
  }

  get isFinal(): boolean {
    return this.#shutdown !== null || this.#owner.settings.signal?.aborted === true;
  }

  get retryNumber(): number {
    return Math.max(1, this.#nextAttempt);
  }

  get elapsed(): number {
    return Math.round(performance.now() - this.#stableEnd);
  }

  // --- subscribing

  /** Called by the base `Multicast`: the subscriber receives the present phase (S11), or a connection begins. */
  attach(sink: Sink<In, Out>, subscription: Subscription): void {
    this.#subscriber = sink;
    subscription.add(() => {
      if (this.#subscriber !== sink) return;
      this.#subscriber = null;
      this.goOn();
    });
    const present = this.#phase ?? this.waits?.next?.event;
    if (present) this.queue.join(() => sink.event(present));
    else this.queue.run(() => this.#connect());
  }

  keep(subscription: Subscription): void {
    if (this.isDelivered) subscription.unsubscribe();
    else (this.#kept ??= new Subscription()).add(subscription);
  }

  // --- connecting

  /** Makes a connection, unless there is one or no subscriber for it. */
  #connect(): void {
    if (this.connection || !this.#subscriber || this.isDetached) return;
    const connection = new Connection(this.#owner.settings, this.#nextAttempt, this);
    this.connection = connection;
    this.made++;
    this.#isReplaced = false;
    const { attempt } = connection;
    this.#setStatus({ state: 'connecting', since: Date.now(), attempt });
    this.#enter(new SocketConnecting(attempt, this, connection));
    // A subscriber may unsubscribe while handling `connecting`. If none is left, the session ends next.
    if (!connection.isReleased && (this.#shutdown || !this.#isUnused)) this.start();
  }

  /** Starts the pending attempt, once every earlier session has sent its Close or given its transport up (S7). */
  start(): void {
    const { previous } = this;
    previous?.start();
    if (previous?.isReleased !== false) this.connection?.start(this.closeEvent);
  }

  /** Whether a later session may connect. */
  get isReleased(): boolean {
    return this.connection?.isReleased !== false && this.previous?.isReleased !== false;
  }

  opened(transportEvent: unknown): void {
    this.queue.run(() => {
      const { connection } = this;
      if (!connection?.isOpen) return;
      for (const suspension of this.waits?.suspensions.slice() ?? []) suspension.opened?.();
      const { attempt, url, transport } = connection;
      const { protocol = '', extensions = '' } = transport ?? {};
      const open = new OpenConnection<In, Out>(this, connection);
      this.#open = open;
      this.#setStatus({ state: 'open', since: Date.now(), attempt, protocol });
      this.#owner.notify('openObserver', transportEvent);
      if (!connection.isReleased) this.#enter(new SocketOpen<In, Out>(attempt, protocol, extensions, url, open));
      // A subscriber may unsubscribe while handling `open`. If none is left, don't send the outbox: the session ends next and reports it (S13).
      if (this.#shutdown || !this.#isUnused) this.#flow();
    });
  }

  #enter(phase: Phase<In, Out>): void {
    this.#phase = phase;
    this.#subscriber?.event(phase);
  }

  /** Ends the present connection, for another one to take its place (S5). */
  replaceConnection(code: number, reason: string, timeout = this.#owner.settings.closeTimeout): void {
    const { connection } = this;
    if (!connection || this.#shutdown || this.isDetached) return;
    this.#isReplaced = true;
    if (connection.isOpen) connection.close(code, reason, timeout);
    else if (!connection.isReleased) connection.cancel(code, reason);
  }

  /** Begins a new connection now; once in a turn of the event loop. */
  reconnect(): void {
    if (this.#isReconnecting) return;
    this.#isReconnecting = true;
    void Promise.resolve().then(() => (this.#isReconnecting = false));
    this.replaceConnection(1000, '', Math.min(this.#owner.settings.closeTimeout, 1_000));
    if (!this.connection) for (const { event } of this.waits?.retries.slice() ?? []) event.retryNow();
  }

  // --- waiting

  goOn(): void {
    this.queue.run(() => {
      const { waits } = this;
      if (this.#isUnused && !this.#shutdown) this.end({ code: this.#owner.settings.unsubscribeCode, reason: '', drain: false });
      else if (this.replaced && !waits?.suspensions.length) this.#connect();
      else if (!waits?.suspensions.length && !waits?.retries.length) this.connectNext();
    });
  }

  connectNext(): void {
    if (this.connection) return;
    this.#nextAttempt = this.retryNumber;
    this.#connect();
  }

  finishIfUnused(): void {
    if (this.#isUnused && !this.connection && !this.#shutdown) this.#finish(this.closeEvent);
  }

  setWaiting(event: SocketReconnecting, until: number): void {
    const { attempt, closeEvent } = event;
    const why = this.waits?.why ?? 'delay';
    this.#setStatus({ state: 'waiting', why, until: why === 'delay' ? until : null, attempt, closeEvent, retryNow: () => event.retryNow() });
  }

  // --- sending

  serialize(value: unknown): Sendable {
    return this.#owner.serialize(value as Out);
  }

  /** Sends on the open connection when nothing waits before. Returns the connection, or `undefined` when the value must wait. */
  trySend(data: Sendable): Connection | undefined {
    const { connection, outbox } = this;
    if (this.isDetached || !connection || !this.#open?.isFlowing) return undefined;
    // The transport may have room again for what waits.
    if (outbox.length > 0) this.flush();
    if (outbox.length > 0 || !connection.canSend || !connection.hasRoom) return undefined;
    connection.send(data);
    return connection;
  }

  /** Whether values still go to this connection. */
  sendsTo(connection: object | undefined): boolean {
    const present = this.connection;
    return !this.isDetached && present !== null && present === connection && present.canSend;
  }

  ready(): void {
    this.queue.run(() => this.#flow());
  }

  /** Sends the outbox, and after it what is sent live (S12). */
  #flow(): void {
    if (this.connection?.isReleased || !this.#open?.flow()) return;
    if (this.outbox.isCompleted && !this.#shutdown) this.end({ code: 1000, reason: '', drain: true });
    this.flush();
    this.proceed();
  }

  /** Sends what waits, as far as the transport can keep up. A value that it refuses stays first and ends the connection. */
  flush(): void {
    const { connection, outbox } = this;
    if (!connection || !this.#open?.isFlowing || this.#isFlushing) return;
    this.#isFlushing = true;
    try {
      outbox.sendTo(connection);
    } catch (cause) {
      connection.abort(cause);
    } finally {
      this.#isFlushing = false;
    }
    if (outbox.length > 0 && connection.canSend) connection.whenLow(() => this.ready());
    this.#owner.queueChanged();
  }

  // --- receiving

  received(event: { readonly data: MessageData }): void {
    const { queue } = this;
    if (queue.begin()) {
      try {
        this.#deliver(event);
      } finally {
        queue.end();
      }
    } else {
      // Not after our Close, which a subscriber may cause before its turn (S18).
      queue.run(() => !this.connection?.closing && this.#deliver(event));
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
    this.#open?.received?.next(message);
    this.#subscriber?.message(message);
  }

  /** A message could not be read (S14). */
  #reject(data: unknown, thrown: unknown): void {
    const { onInvalid, closeTimeout } = this.#owner.settings;
    const isVerdict = (thrown as { name?: unknown } | null)?.name === 'SchemaError';
    const error = isVerdict ? (thrown as DeserializeError) : new DeserializeError(data, thrown);
    if (onInvalid === 'error') {
      // A graceful end under way keeps its code.
      const { code = 1000, reason = '' } = this.#shutdown?.request ?? {};
      this.end({ code, reason, drain: false, error: { value: error } });
      return;
    }
    if (this.#open) this.#open.unreadable++;
    this.warn({ kind: 'invalid', error, data: error.data });
    // Ends the connection, not the session: the policy decides. A graceful end under way goes its own way.
    if (onInvalid !== 'drop' && !this.#shutdown) this.connection?.close(onInvalid.code, onInvalid.reason ?? '', closeTimeout);
  }

  // --- ending

  /** Your code ends the session (S5). */
  end(request: EndRequest): void {
    const before = this.#shutdown;
    if (this.isOver) return;
    // A second end does nothing, except that one without a drain cuts a drain short.
    if (before && (request.drain || !before.request.drain || before.isClosing || this.connection?.isReleased !== false)) return;
    before?.stop();
    this.#error = request.error;
    if (!request.drain) this.#unsent = this.#owner.takeFrom(this.outbox);
    this.#shutdown = new Shutdown(this, request, this.#owner.settings.closeTimeout);
    this.#owner.detach(this);
    this.proceed();
  }

  get #isUnused(): boolean {
    return !this.#subscriber && !this.waits?.retries.length;
  }

  proceed(): void {
    if (!this.isOver) this.#shutdown?.proceed();
  }

  get isDrained(): boolean {
    return this.#open?.isFlowing === true && this.outbox.length === 0;
  }

  endUnconnected({ code, reason }: EndRequest): void {
    // Unless the session is over once all subscribers know how the last connection ended.
    this.queue.run(() => {
      if (!this.isOver && !this.connection) this.#settle({ ...withoutConnection, code, reason, attempt: this.retryNumber });
    });
  }

  released(): void {
    this.#owner.released();
  }

  closing(close: { readonly code: number; readonly reason: string }): void {
    this.#open?.stopWork();
    this.#setStatus({ state: 'closing', since: Date.now(), ...close });
  }

  refused(error: unknown): void {
    this.queue.run(() => {
      this.#leaveConnection();
      this.#error = { value: error };
      this.#settle(null);
    });
  }

  ended(end: CloseFacts): void {
    this.queue.run(() => {
      const isStable = end.opened && end.uptime >= this.#owner.settings.stableAfter;
      if (isStable) this.#stableEnd = performance.now();
      this.#nextAttempt = isStable ? 0 : this.#isReplaced ? end.attempt : end.attempt + 1;
      this.#leaveConnection();
      // Until its Close is sent an end by your code is local, even when the network or the server was faster.
      this.#settle(this.#shutdown?.isClosing === false ? { ...end, initiator: 'local' } : end);
    });
  }

  #leaveConnection(): void {
    this.#shutdown?.stop();
    const open = this.#open;
    this.connection = this.#open = this.#phase = null;
    open?.end();
    // Its transport has nothing left to send.
    this.#owner.queueChanged();
  }

  /** Returns, once, the values that no later session will send. */
  #takeUnsent(): readonly unknown[] {
    if (!this.isDetached) return [];
    const unsent = [...this.#unsent, ...this.#owner.takeFrom(this.outbox)];
    this.#unsent = [];
    return unsent;
  }

  /**
   * A connection has ended, or your code has ended the session without one: `facts` of the close, `null` where the constructor refused. Operators
   * decide first, then the status says what comes next, then subscribers receive the close (S10), and the terminal if the session is over.
   */
  #settle(facts: CloseFacts | null): void {
    const settled = facts && this.isDetached ? { ...facts, unsent: this.#takeUnsent() } : facts;
    const event = settled && (new CloseEvent('close', undefined, settled, this) as CloseValue);
    const subscriber = this.#subscriber;
    if (event) this.closeEvent = event;
    if (event && subscriber && this.#isReplaced && !this.#shutdown) {
      this.#awaitNext(event);
      return;
    }
    // Who subscribes from now on is not told of this end.
    this.#subscriber = null;
    const waiting = this.waits?.retries.map(({ sink }) => sink) ?? [];
    const isUndecided = event && !this.#shutdown && subscriber?.decide?.(event);
    const sinks = [...(subscriber ? [subscriber] : []), ...(this.#shutdown ? waiting : [])];
    if (this.#shutdown || (this.#isUnused && !isUndecided)) this.#setOver(event);
    else this.waits?.update();
    if (event) {
      if (sinks.length === 0) this.#owner.warnUnsent(event.unsent);
      for (const sink of sinks) this.#owner.survive(() => sink.event(event));
      this.#owner.notify('closeObserver', event);
    }
    if (this.isOver || this.#isUnused) this.#finish(event);
    else if (isUndecided) this.waits?.update();
    const error = this.#error ?? (event?.wasClean === false ? { value: new WebSocketCloseError(event) } : undefined);
    for (const sink of sinks) this.#owner.survive(() => (error ? sink.error(error.value) : sink.complete()));
  }

  /** The connection was replaced: subscribers go on, with or without an operator that reconnects. */
  #awaitNext(closeEvent: CloseValue): void {
    const delay = this.waits?.suspensions.length ? Infinity : 0;
    const reconnecting = new SocketReconnecting(this.#nextAttempt, delay, closeEvent, () => this.goOn(), this);
    this.setWaiting(reconnecting, Date.now());
    this.#enter(reconnecting);
    this.#owner.notify('closeObserver', closeEvent);
    this.goOn();
  }

  #setOver(closeEvent: CloseValue | null): void {
    if (this.isOver) return;
    this.isOver = true;
    const refusal = closeEvent ? {} : { error: this.#error?.value };
    this.#owner.setStatus(this, { state: 'closed', closeEvent, ...refusal, attempts: this.made, since: Date.now() });
  }

  #finish(closeEvent: CloseValue | null): void {
    this.#setOver(closeEvent);
    this.isDelivered = true;
    if (this.waits) this.waits.retries.length = 0;
    // Values that an end has taken while the last close was delivered: no event names them.
    this.#owner.warnUnsent(this.#takeUnsent());
    this.outbox.rejectTaken(closeEvent, closeEvent ? closeEvent.cause : this.#error?.value);
    this.#owner.queueChanged();
    this.#owner.released();
    this.#kept?.unsubscribe();
  }

  // --- status and warnings

  #setStatus(status: SessionStatus): void {
    if (!this.isOver) this.#owner.setStatus(this, status);
  }

  warn(warning: SocketWarning): void {
    this.#owner.warn(warning);
  }

  threw(callback: string, error: unknown): void {
    this.warn({ kind: 'callback', callback, error });
  }
}

/** An end that your code asked for while there was no connection. */
const withoutConnection = { initiator: 'local', wasClean: true, opened: false, uptime: 0, unsent: [], sent: null, cause: undefined } as const;

import { take, type Observable, type Subscription } from 'rxjs';
import { makeCloseEvent } from '../close/CloseEvent.js';
import { DeserializeError } from '../close/DeserializeError.js';
import { WebSocketCloseError } from '../close/WebSocketCloseError.js';
import { WebSocketTimeoutError } from '../close/WebSocketTimeoutError.js';
import type { MessageData, SerializedData } from './config.js';
import { Connection, type ConnectionEnd, type ConnectionOwner } from './Connection.js';
import { connectionHandle } from './connectionHandle.js';
import type { Core } from './Core.js';
import { SocketConnecting, SocketOpen, type CloseValue, type ControlEvent } from './events.js';
import { link, type EndRequest, type SessionLink, type Wait } from './link.js';
import type { Outbox } from './Outbox.js';
import type { StatusFacts } from './SocketStatus.js';
import type { SocketWarning } from './SocketWarning.js';
import type { Sink } from './source.js';

/** An end that the program asked for, and how far it has come. */
interface Ending extends EndRequest {
  /** Values taken from the outbox at once; a drain leaves them there. */
  unsent: readonly unknown[];
  /** Whether `until` still holds Close back. */
  held: boolean;
  /** Whether the time for the peer's answer has come. */
  closing: boolean;
}

/**
 * One run of a subject, from the subscription that starts it to its terminal: connections, one at a time, and the waits between them.
 *
 * Its one consumer is the base face. What else keeps a session going are the waits that operators have registered.
 */
export class Session<In, Out> implements SessionLink<In, Out>, ConnectionOwner {
  readonly #core: Core<In, Out>;
  readonly #outbox: Outbox<Out>;
  readonly #startedAt = performance.now();
  readonly #waits = new Set<Wait<In, Out>>();
  /** Set by the core, once nobody may join any more. */
  isSealed = false;
  readonly #overCallbacks: (() => void)[] = [];
  #connection: Connection | null = null;
  #consumer: Sink<In, Out> | null = null;
  #phase: ControlEvent<In, Out> | null = null;
  #since = 0;
  #ending: Ending | null = null;
  #over = false;
  #settling = false;
  #flowing = false;
  #flushing = false;
  #attempts = 0;
  #nextAttempt = 0;
  #lastStableEnd: number | null = null;
  #closeEvent: CloseValue | null = null;
  #drainSince: number | null = null;
  #drainDeadline: ReturnType<typeof setTimeout> | undefined;

  /** `completing`: a `complete()` was called before the session began; the session ends by itself once its outbox is sent. */
  constructor(core: Core<In, Out>, outbox: Outbox<Out>, completing: boolean) {
    this.#core = core;
    this.#outbox = outbox;
    if (completing) this.#ending = { code: 1000, reason: '', drain: true, unsent: [], held: false, closing: false };
  }

  get isOver(): boolean {
    return this.#over;
  }

  get isOpen(): boolean {
    return this.#connection?.isOpen === true && !this.final;
  }

  get final(): boolean {
    return this.#ending !== null;
  }

  /** Whether no other session may connect yet: this one may still have a connection whose Close is not sent (S7). */
  get holdsFloor(): boolean {
    return !this.#over && !(this.final && this.#connection?.isLeft === true);
  }

  get retryAttempt(): number {
    return Math.max(1, this.#nextAttempt);
  }

  get elapsed(): number {
    return Math.round(performance.now() - (this.#lastStableEnd ?? this.#startedAt));
  }

  /** The base face joins: it first receives the present phase (S11), or a connection begins. */
  attach(sink: Sink<In, Out>, subscription: Subscription): void {
    this.#consumer = sink;
    subscription.add(() => {
      if (this.#consumer !== sink) return;
      this.#consumer = null;
      this.#endIfLeft();
    });
    const wait = this.#lastWait();
    if (this.#phase !== null) sink.event(this.#phase);
    else if (wait !== undefined) sink.event(wait.event);
    else this.#connect();
  }

  /** Sends on the open connection when nothing waits before; otherwise says no. */
  trySend(data: SerializedData): boolean {
    const connection = this.#connection;
    if (connection === null || this.final || !this.#flowing || this.#outbox.length > 0 || !connection.canSend) return false;
    connection.send(data);
    return true;
  }

  /** Sends what the outbox holds, in order, once the connection is open. */
  flush(): void {
    const connection = this.#connection;
    if (connection === null || !this.#flowing || this.#flushing) return;
    this.#flushing = true;
    try {
      this.#outbox.flush(
        () => connection.canSend,
        (data) => connection.send(data),
      );
    } catch (cause) {
      connection.abort(cause);
    } finally {
      this.#flushing = false;
    }
    this.#core.queuedChanged();
  }

  /** The program ends the session (S5). Who subscribes, and what is sent, from now on belongs to the next one (S7). */
  end(request: EndRequest): void {
    const before = this.#ending;
    if (this.#over) return;
    // A second end does nothing, except that one without a drain cuts a drain short.
    if (before !== null && (request.drain || this.#connection?.isLeft !== false)) return;
    // Subscribed before the next session can begin, so that it may listen to the messages of this one.
    if (before === null && request.until !== undefined) this.#holdUntil(request.until);
    const unsent = request.drain ? [] : [...(before?.unsent ?? []), ...this.#outbox.take()];
    this.#ending = { ...request, unsent, held: request.until !== undefined, closing: false };
    this.#core.seal(this, this.#outbox);
    this.#proceed();
  }

  wait(wait: Wait<In, Out>): void {
    this.#waits.add(wait);
    this.#tellStatus();
  }

  resume(wait: Wait<In, Out>): boolean {
    if (!this.#waits.delete(wait)) return false;
    this.#nextAttempt = this.retryAttempt;
    if (this.#consumer !== null && this.#connection === null) this.#connect();
    return true;
  }

  cancel(wait: Wait<In, Out>): void {
    if (this.#waits.delete(wait)) this.#endIfLeft();
  }

  /** Lets go of whoever waits, without a terminal. */
  dismissWaits(): void {
    for (const wait of [...this.#waits]) wait.subscription.unsubscribe();
  }

  whenOver(callback: () => void): void {
    if (this.#over) callback();
    else this.#overCallbacks.push(callback);
  }

  warn(warning: SocketWarning): void {
    this.#core.warn(warning);
  }

  /** It is this session's turn to connect (S7). */
  start(): void {
    this.#connection?.start(this.#closeEvent);
  }

  opened(transportEvent: unknown): void {
    const connection = this.#connection;
    if (connection === null) return;
    this.#core.opens++;
    const handle = connectionHandle(this.#core, this, connection);
    const { attempt, protocol, extensions, url } = connection;
    this.#enter(new SocketOpen<In, Out>(attempt, protocol, extensions, url, handle));
    this.#core.tell('openObserver', transportEvent);
    if (!connection.isOpen) return;
    this.#emitPhase();
    if (!connection.isOpen) return;
    this.#flowing = true;
    if (this.final) this.#core.seal(this, this.#outbox);
    this.flush();
    this.#proceed();
  }

  received(event: { readonly data: MessageData }): void {
    let message: In;
    try {
      message = this.#core.settings.deserializer(event);
    } catch (cause) {
      this.#refuse(new DeserializeError(event.data, cause));
      return;
    }
    if (this.#connection?.isLeft === false) this.#consumer?.message(message);
  }

  threw(callback: string, error: unknown): void {
    this.warn({ kind: 'callback', callback, error });
  }

  refused(error: unknown): void {
    this.#leaveConnection();
    const unsent = this.#takeUnsent();
    if (unsent.length > 0) this.warn({ kind: 'dropped', values: unsent, why: 'the WebSocket constructor refused' });
    const sinks = this.#takeSinks();
    if (!this.#isKept()) this.#finish({ closeEvent: null, error });
    for (const sink of sinks) sink.error(error);
  }

  ended(end: ConnectionEnd): void {
    const attempt = this.#connection?.attempt ?? 0;
    const stable = end.opened && end.uptime >= this.#core.settings.stableAfter;
    this.#leaveConnection();
    this.#nextAttempt = stable ? 0 : attempt + 1;
    if (stable) this.#lastStableEnd = performance.now();
    // Until its Close is sent an end by the program is the program's, even when the network or the peer was faster.
    const initiator = this.final && this.#ending?.closing !== true ? 'local' : end.initiator;
    this.#settle(makeCloseEvent({ ...end, initiator, attempt, unsent: this.#takeUnsent() }));
  }

  #connect(): void {
    const connection = new Connection(this.#core.settings, this.#nextAttempt, this);
    this.#connection = connection;
    this.#attempts++;
    this.#enter(new SocketConnecting(connection.attempt, connectionHandle(this.#core, this, connection)));
    this.#emitPhase();
    this.#core.takeFloor(this);
  }

  #enter(phase: SocketConnecting | SocketOpen<In, Out>): void {
    this.#phase = link(phase, this);
    this.#since = Date.now();
    this.#tellStatus();
  }

  #emitPhase(): void {
    if (this.#phase !== null) this.#consumer?.event(this.#phase);
  }

  /** Takes the next step of an end by the program, as far as it can go now. */
  #proceed(): void {
    const ending = this.#ending;
    const connection = this.#connection;
    if (ending === null || this.#over) return;
    const { code, reason } = ending;
    if (connection === null) {
      // Between two connections. While the end of the last one is being told, who is told it next sees that it is final.
      if (!this.#settling || this.#waits.size > 0) this.#settle(this.#endWithoutConnection(code, reason));
    } else if (!connection.isOpen) {
      if (!ending.drain || this.#outbox.length === 0) connection.cancel(code, reason);
    } else if (ending.drain && (!this.#flowing || this.#outbox.length > 0 || ending.held)) {
      const ms = this.#endTimeout();
      this.#drainSince ??= performance.now();
      this.#drainDeadline ??= setTimeout(() => this.#drainTimedOut(ms), ms);
    } else {
      const spent = this.#drainSince === null || ending.until ? 0 : performance.now() - this.#drainSince;
      this.#sendClose(ending, connection, Math.max(1, this.#endTimeout() - spent));
    }
  }

  #sendClose(ending: Ending, connection: Connection, ms: number): void {
    ending.closing = true;
    this.#since = Date.now();
    this.#phase = null;
    clearTimeout(this.#drainDeadline);
    this.#tellStatus();
    connection.close(ending.code, ending.reason, ms);
    this.#core.yieldFloor();
  }

  #drainTimedOut(ms: number): void {
    const ending = this.#ending;
    const connection = this.#connection;
    if (ending === null || connection === null) return;
    const drained = this.#flowing && this.#outbox.length === 0;
    ending.held = false;
    this.#sendClose(ending, connection, ms);
    if (!drained) connection.abort(new WebSocketTimeoutError('close', ms));
  }

  #holdUntil(until: Observable<unknown>): void {
    const release = (): void => {
      if (this.#ending === null) return;
      this.#ending.held = false;
      this.#proceed();
    };
    const holding = until.pipe(take(1)).subscribe({
      error: (error: unknown) => {
        this.threw('until', error);
        release();
      },
      complete: release,
    });
    this.whenOver(() => holding.unsubscribe());
  }

  #refuse(error: DeserializeError): void {
    if (this.#core.settings.onInvalid === 'drop') this.warn({ kind: 'invalid', error, data: error.data });
    else this.end({ code: 1000, reason: '', drain: false, error: { value: error } });
  }

  #endIfLeft(): void {
    if (this.#consumer !== null || this.#waits.size > 0 || this.final || this.#over || this.#settling) return;
    this.end({ code: this.#core.settings.unsubscribeCode, reason: '', drain: false });
  }

  #endTimeout(): number {
    return this.#ending?.timeout ?? this.#core.settings.closeTimeout;
  }

  #endWithoutConnection(code: number, reason: string): CloseValue {
    const facts = { initiator: 'local', opened: false, uptime: 0, sent: null, cause: undefined } as const;
    return makeCloseEvent({ ...facts, code, reason, wasClean: true, attempt: this.retryAttempt, unsent: this.#takeUnsent() });
  }

  #leaveConnection(): void {
    this.#connection = null;
    this.#phase = null;
    this.#flowing = false;
    clearTimeout(this.#drainDeadline);
  }

  #takeUnsent(): unknown[] {
    return this.#ending === null ? [] : [...this.#ending.unsent, ...this.#outbox.take()];
  }

  /** Whoever must be told an end: the consumer, and, when nothing may reconnect, those who wait. */
  #takeSinks(): Sink<In, Out>[] {
    const sinks = this.#consumer === null ? [] : [this.#consumer];
    this.#consumer = null;
    if (this.final) {
      sinks.push(...[...this.#waits].map(({ sink }) => sink));
      this.#waits.clear();
    }
    return sinks;
  }

  /** Tells an end, the close first; an operator that is told may register a wait, or connect again, and so keep the session going. */
  #settle(event: CloseValue): void {
    const { error } = this.#ending ?? {};
    this.#closeEvent = link(event, this);
    const sinks = this.#takeSinks();
    if (sinks.length === 0 && event.unsent.length > 0) {
      this.warn({ kind: 'dropped', values: event.unsent, why: 'the last subscriber left before they were sent' });
    }
    this.#core.tell('closeObserver', event);
    const wasSettling = this.#settling;
    this.#settling = true;
    for (const sink of sinks) sink.event(event);
    this.#settling = wasSettling;
    if (!this.#isKept()) this.#finish({ closeEvent: event });
    const terminal = error ?? (event.wasClean ? undefined : { value: new WebSocketCloseError(event) });
    for (const sink of sinks) {
      if (terminal === undefined) sink.complete();
      else sink.error(terminal.value);
    }
  }

  #isKept(): boolean {
    return this.#connection !== null || this.#waits.size > 0;
  }

  #finish(end: { closeEvent: CloseValue | null; error?: unknown }): void {
    if (this.#over) return;
    this.#over = true;
    this.#core.left(this, { state: 'closed', ...end, attempts: this.#attempts, since: Date.now() });
    for (const callback of this.#overCallbacks) callback();
  }

  #lastWait(): Wait<In, Out> | undefined {
    return [...this.#waits].at(-1);
  }

  #tellStatus(): void {
    this.#core.tellStatus(this, this.#facts());
  }

  #facts(): StatusFacts {
    const since = this.#since;
    const { closing, code, reason } = this.#ending ?? {};
    if (closing === true) return { state: 'closing', since, code: code ?? 1000, reason: reason ?? '' };
    const phase = this.#phase;
    const wait = this.#lastWait();
    if (phase?.type === 'open') return { state: 'open', since, attempt: phase.attempt, protocol: phase.protocol };
    if (phase !== null || wait === undefined) return { state: 'connecting', since, attempt: this.#nextAttempt };
    const { attempt, closeEvent } = wait.event;
    return { state: 'waiting', why: 'delay', attempt, until: wait.until, closeEvent, retryNow: () => wait.event.retryNow() };
  }
}

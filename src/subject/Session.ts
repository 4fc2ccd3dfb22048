import { Subscription } from 'rxjs';
import { makeCloseEvent } from '../close/CloseEvent.js';
import { WebSocketCloseError } from '../close/WebSocketCloseError.js';
import { WebSocketTimeoutError } from '../close/WebSocketTimeoutError.js';
import { Attempts } from './Attempts.js';
import { Audience } from './Audience.js';
import { Brake } from './Brake.js';
import type { MessageData, SerializedData } from './config.js';
import { Connection, type ConnectionEnd, type ConnectionOwner } from './Connection.js';
import { attemptHandle, openHandle } from './connectionHandle.js';
import type { Core } from './Core.js';
import { Ending } from './Ending.js';
import { SocketConnecting, SocketOpen, type CloseValue } from './events.js';
import { followSignal } from './followSignal.js';
import { link, type EndRequest, type SessionLink } from './link.js';
import type { Outbox, Taker } from './Outbox.js';
import { Outflow } from './Outflow.js';
import { OpenPhase } from './OpenPhase.js';
import { Phase } from './Phase.js';
import { AsynchronousSchema, refusalOf, type Refusal } from './refusal.js';
import type { SocketWarning } from './SocketWarning.js';
import type { Sink } from './source.js';
import { Turns } from './Turns.js';
import { Waits, type WaitsOwner } from './Waits.js';

/** How an end by the program looks while there is no connection to end. */
const withoutConnection = { initiator: 'local', wasClean: true, opened: false, uptime: 0, sent: null, cause: undefined } as const;

/**
 * One run of a subject, from the subscription that starts it to its terminal: connections, one at a time, and the waits between them.
 *
 * Its one consumer is the base face. What else keeps a session going are the waits that operators have registered.
 */
export class Session<In, Out> implements SessionLink<In, Out>, ConnectionOwner, WaitsOwner {
  readonly attempts: Attempts;
  readonly #core: Core<In, Out>;
  readonly #outbox: Outbox<Out>;
  readonly #outflow: Outflow<Out>;
  readonly #threw = (callback: string, error: unknown): void => this.warn({ kind: 'callback', callback, error });
  readonly #audience = new Audience<In, Out>(this.#threw);
  readonly waits = new Waits<In, Out>(this, this.#audience);
  readonly brake = new Brake();
  /** Set by the core once nobody may join any more. */
  isSealed = false;
  isOver = false;
  closeEvent: CloseValue | null = null;
  #kept = new Subscription();
  #connection: Connection | null = null;
  #open: OpenPhase<In> | null = null;
  readonly #phase = new Phase<In, Out>();
  #ending: Ending | null = null;
  readonly turns = new Turns();

  /** `completing`: a `complete()` was called before the session began; the session ends by itself once its outbox is sent. */
  constructor(core: Core<In, Out>, outbox: Outbox<Out>, completing: boolean) {
    this.#core = core;
    this.#outbox = outbox;
    this.#outflow = new Outflow(outbox, core, () => this.turns.take(() => this.#flow(this.#connection)));
    this.attempts = new Attempts(core.settings.stableAfter);
    if (completing) this.#ending = new Ending({ code: 1000, reason: '', drain: true }, core.settings.closeTimeout);
  }

  /** Whether the program has ended it (S5). */
  get isEnding(): boolean {
    return this.#ending !== null;
  }

  get isOpen(): boolean {
    return this.#connection?.isOpen === true;
  }

  get isConnected(): boolean {
    return this.#connection !== null;
  }

  /** One that is over goes on, for somebody's operator that held its close back, only while it is the newest. */
  get final(): boolean {
    const isAborted = this.#core.settings.signal?.aborted === true;
    return this.isEnding || isAborted || (this.isOver && !this.#core.isNewest(this));
  }

  /** Whether no later session may connect yet: this one may still have a connection whose Close is not sent (S7). */
  get holdsFloor(): boolean {
    return !this.isOver && !(this.isEnding && this.#connection?.isLeft === true);
  }

  /** The base face joins: it first receives the present phase (S11), or a connection begins. */
  attach(sink: Sink<In, Out>, subscription: Subscription): void {
    this.#audience.join(sink, subscription, () => this.turns.take(() => this.endIfLeft()));
    const wait = this.waits.present;
    // A phase that is just being entered is told next.
    if (this.#phase.isNews) return;
    const present = this.#phase.event ?? wait?.event;
    if (present) this.turns.join(() => sink.event(present));
    else this.turns.take(() => this.waits.connectOrJoin(sink));
  }

  /** Sends on the open connection when nothing waits before, and gives the connection. */
  trySend(data: SerializedData): Connection | null {
    return this.isEnding || this.isSealed ? null : this.#outflow.trySend(data);
  }

  /** Whether values still go to this connection. */
  sendsTo(taker: Taker): boolean {
    return !this.isEnding && !this.isSealed && taker === this.#connection && taker.canSend;
  }

  /** Sends what the outbox holds, in order, once the connection is open. */
  flush(): void {
    this.#outflow.flush();
    this.#core.queuedChanged();
  }

  /** The program ends the session (S5). Who subscribes, and what is sent, from now on belongs to the next one (S7). */
  end(request: EndRequest): void {
    const before = this.#ending;
    if (this.isOver) {
      // Somebody else's operator may still hold the close back: whoever is told it then sees that it is final.
      this.#ending ??= new Ending(request, this.#core.settings.closeTimeout);
      return;
    }
    // A second end does nothing, except that one without a drain cuts a drain short.
    if (before !== null && (request.drain || !before.drain || before.isClosing || this.#connection?.isLeft !== false)) return;
    before?.stop();
    const unsent = request.drain ? [] : [...(before?.takeUnsent() ?? []), ...this.#outflow.take()];
    const ending = new Ending(request, this.#core.settings.closeTimeout, unsent);
    this.#ending = ending;
    // Before the next session can begin, so that `until` may listen to the messages of this one.
    if (request.until) {
      ending.hold(request.until, () => this.isSealed && this.#proceed(), (error) => this.#threw('until', error));
    }
    this.#core.seal(this, this.#outbox);
    this.#proceed();
  }

  /** Ends the present connection, not the session (S5): the outbox is kept, and the operators make another one. */
  leave(close: { readonly code: number; readonly reason: string }): void {
    const connection = this.#connection;
    if (connection === null || this.isEnding || this.isSealed) return;
    this.attempts.isReplaced = true;
    if (connection.isOpen) this.#closeConnection(connection, close, this.#core.settings.closeTimeout);
    else if (!connection.isLeft) connection.cancel(close.code, close.reason);
  }

  /** Makes a connection, unless there is one or nobody to have it. */
  connect(): void {
    if (this.#connection !== null || this.#audience.consumer === null || this.isSealed) return;
    const connection = new Connection(this.#core.settings, this.attempts.begin(), this);
    this.#connection = connection;
    this.#enter(new SocketConnecting(connection.attempt, attemptHandle(this, connection)));
    this.#emitPhase();
    // Whoever it was for may have left in the event: the end of the session comes next.
    const isWanted = this.isEnding || !this.#audience.isEmpty;
    if (isWanted && !connection.isLeft) this.#core.takeFloor(this);
  }

  /** One that is over goes on: the operator of somebody else had held its close back. */
  revive(): void {
    if (!this.isOver) return;
    this.isOver = false;
    this.#kept = new Subscription();
    this.#core.revived(this);
    followSignal(this, this.#core.settings.signal);
  }

  /** Nobody may be left to have a connection (S9). */
  endIfLeft(): void {
    if (!this.#audience.isEmpty || this.isEnding || this.isOver) return;
    this.end({ code: this.#core.settings.unsubscribeCode, reason: '', drain: false });
  }

  tellStatus(): void {
    this.#core.tellStatus(this, this.#phase.status(this.#audience.nextWait, this.attempts.suspensions.why));
  }

  keep(subscription: Subscription): void {
    this.#kept.add(subscription);
  }

  warn(warning: SocketWarning): void {
    this.#core.warn(warning);
  }

  /** It is this session's turn to connect (S7). */
  start(): void {
    this.#connection?.start(this.closeEvent);
  }

  opened(transportEvent: unknown): void {
    this.turns.take(() => this.#enterOpen(transportEvent));
  }

  received(event: { readonly data: MessageData }): void {
    if (!this.turns.begin()) {
      // Not where the open before it is not told, because openObserver has ended the connection (S1).
      this.turns.take(() => {
        if (!this.#phase.isNews) this.#deliver(event);
      });
    } else {
      try {
        this.#deliver(event);
      } finally {
        this.turns.end();
      }
    }
  }

  refused(error: unknown): void {
    this.turns.take(() => {
      this.#leaveConnection();
      if (this.isEnding) this.#core.seal(this, this.#outbox);
      const sinks = this.#audience.take(this.isEnding);
      this.#finishUnlessKept(null, error);
      for (const sink of sinks) sink.error(error);
    });
  }

  ended(end: ConnectionEnd): void {
    this.turns.take(() => {
      const attempt = this.#connection?.attempt ?? 0;
      this.attempts.end(attempt, end);
      this.#leaveConnection();
      // Until its Close is sent an end by the program is the program's, even when the network or the peer was faster.
      const initiator = this.isEnding && this.#ending?.isClosing !== true ? 'local' : end.initiator;
      this.#settle(makeCloseEvent({ ...end, initiator, attempt, unsent: this.#takeUnsent() }));
    });
  }

  #enterOpen(transportEvent: unknown): void {
    const connection = this.#connection;
    if (connection?.isOpen !== true) return;
    // A platform without any network says offline, and reaches a server of its own all the same.
    this.attempts.suspensions.lift('offline');
    const { attempt, protocol, extensions, url } = connection;
    // What work waits for comes from the peer, which must be heard meanwhile.
    const hold = (): void => {
      this.#outflow.stop();
      this.brake.lift();
    };
    const ready = (): void => {
      this.brake.lower();
      this.turns.take(() => this.#flow(connection));
    };
    const open = new OpenPhase<In>(connection, hold, ready, this.#threw);
    this.#open = open;
    const handle = openHandle(this.#core, this, connection, open);
    this.#enter(new SocketOpen<In, Out>(attempt, protocol, extensions, url, handle));
    this.#core.tell('openObserver', transportEvent);
    if (!connection.isLeft) this.#emitPhase();
    // Whoever it was for may have left in the event: what waits is theirs to lose (S13), and the end of the session comes next.
    if (this.isEnding || !this.#audience.isEmpty) this.#flow(connection);
  }

  /** The outbox flows, and what is sent live after it (S12). */
  #flow(connection: Connection | null): void {
    if (connection === null || connection.isLeft || this.#open?.flow() !== true) return;
    this.#outflow.start(connection);
    if (this.isEnding) this.#core.seal(this, this.#outbox);
    this.flush();
    this.#proceed();
  }

  #deliver(event: { readonly data: MessageData }): void {
    let message: In;
    try {
      message = this.#core.deserialize(event);
    } catch (error) {
      this.#refuse(refusalOf(event.data, error));
      return;
    }
    // S18: up to our Close, which the deserializer may have sent; not up to the end of the transport, which may have come in the same turn.
    if (this.#ending?.isClosing === true || this.#connection?.isClosing === true) return;
    this.#open?.deliver(message);
    this.#audience.consumer?.message(message);
  }

  #enter(phase: SocketConnecting | SocketOpen<In, Out>): void {
    this.#phase.enter(link(phase, this));
    this.tellStatus();
  }

  #emitPhase(): void {
    const phase = this.#phase.tell();
    if (phase !== null) this.#audience.consumer?.event(phase);
  }

  /** Takes the next step of an end by the program, as far as it can go now. */
  #proceed(): void {
    const ending = this.#ending;
    const connection = this.#connection;
    if (ending === null || this.isOver || connection?.isLeft === true) return;
    if (connection === null) {
      // Unless the session is over once everybody has been told how the last connection ended.
      this.turns.take(() => !this.isOver && this.#connection === null && this.#endBetween(ending));
    } else if (!connection.isOpen) {
      if (!ending.drain || this.#outflow.isEmpty) connection.cancel(ending.code, ending.reason);
    } else if (ending.drain && (!this.#outflow.isDrained || ending.isHeld)) {
      ending.startDeadline(() => this.#drainTimedOut(ending, connection));
    } else {
      this.#sendClose(ending, connection);
    }
  }

  #endBetween({ code, reason }: Ending): void {
    this.#settle(makeCloseEvent({ ...withoutConnection, code, reason, attempt: this.attempts.retry, unsent: this.#takeUnsent() }));
  }

  #sendClose(ending: Ending, connection: Connection): void {
    ending.isClosing = true;
    ending.stop();
    this.#closeConnection(connection, ending, ending.answerTimeout);
    this.#core.yieldFloor();
  }

  #closeConnection(connection: Connection, close: { readonly code: number; readonly reason: string }, timeout: number): void {
    this.#open?.stopWork();
    this.#phase.close(close);
    this.tellStatus();
    connection.close(close.code, close.reason, timeout);
  }

  #drainTimedOut(ending: Ending, connection: Connection): void {
    const { isDrained } = this.#outflow;
    this.#sendClose(ending, connection);
    if (!isDrained) connection.abort(new WebSocketTimeoutError('close', ending.timeout));
  }

  #refuse(error: Refusal): void {
    const { onInvalid, closeTimeout } = this.#core.settings;
    if (onInvalid === 'error' || error instanceof AsynchronousSchema) {
      // A graceful end under way keeps its code.
      const { code = 1000, reason = '' } = this.#ending ?? {};
      this.end({ code, reason, drain: false, error: { value: error } });
      return;
    }
    if (this.#open !== null) this.#open.refused++;
    this.warn({ kind: 'invalid', error, data: error.data });
    // Ends the connection, not the session: the policy decides. A graceful end under way goes its own way.
    if (onInvalid === 'drop' || this.isEnding || this.#connection === null) return;
    const { code, reason = '' } = onInvalid;
    this.#closeConnection(this.#connection, { code, reason }, closeTimeout);
  }

  #leaveConnection(): void {
    this.#connection = null;
    this.#phase.leave();
    this.#outflow.stop();
    this.#ending?.stop();
    const open = this.#open;
    this.#open = null;
    open?.end();
    // Another face may still wait.
    if (!this.isEnding) this.tellStatus();
  }

  #takeUnsent(): unknown[] {
    // One that `unsubscribe()` has sealed has nobody after it for its outbox, ended or not.
    return this.isEnding || this.isSealed ? [...(this.#ending?.takeUnsent() ?? []), ...this.#outflow.take()] : [];
  }

  /** Tells an end, the close first; an operator that is told may register a wait, or connect again, and so keep the session going. */
  #settle(event: CloseValue): void {
    const error = this.#ending?.error ?? (event.wasClean ? undefined : { value: new WebSocketCloseError(event) });
    this.closeEvent = link(event, this);
    // One that was to complete after its open has no open to come.
    if (this.isEnding) this.#core.seal(this, this.#outbox);
    const sinks = this.#audience.take(this.isEnding);
    if (sinks.length === 0) this.#core.warnUnsent(event.unsent);
    for (const sink of sinks) sink.event(event);
    // After the event, so that who subscribes in it finds no connection that is gone.
    this.#core.tell('closeObserver', event);
    this.#finishUnlessKept(event);
    for (const sink of sinks) {
      if (error === undefined) sink.complete();
      else sink.error(error.value);
    }
  }

  #finishUnlessKept(closeEvent: CloseValue | null, error?: unknown): void {
    if (this.isOver || this.#connection !== null || !this.#audience.isEmpty) return;
    this.isOver = true;
    // What an end has taken that came while the last close was being told, or before a constructor refused: no event names it.
    this.#core.warnUnsent(this.#takeUnsent());
    const facts = { state: 'closed', closeEvent, attempts: this.attempts.made, since: Date.now() } as const;
    this.#core.left(this, this.#outbox, closeEvent === null ? { ...facts, error } : facts);
    this.#kept.unsubscribe();
  }
}

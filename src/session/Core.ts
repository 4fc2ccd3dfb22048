import { prepare } from '#transport';
import { BehaviorSubject, config as rxjsConfig, Subject, Subscription, type Observable } from 'rxjs';
import { SerializeError } from '../close/SerializeError.js';
import type { TransportConfig, WebSocketSubjectConfig } from '../config/config.js';
import { settingsOf, type Settings } from '../config/settings.js';
import type { SessionStatus, SocketStatus } from '../config/SocketStatus.js';
import type { SocketWarning } from '../config/SocketWarning.js';
import { sendable, type Sendable } from '../connection/binary.js';
import { currentEnvironment, withTransports, type Environment } from '../connection/Environment.js';
import type { EndRequest } from './EndRequest.js';
import { EventQueue } from './EventQueue.js';
import type { MulticastOwner } from './Multicast.js';
import { Outbox, type DrainWaiter, type Queued } from './Outbox.js';
import { Session, type SessionOwner } from './Session.js';
import type { Source } from './source.js';

/** What all subjects of a `pipeEvents` chain share (S17): the sessions, one after another, the outbox, the status and the warnings. */
export class Core<In, Out> implements SessionOwner<In, Out>, MulticastOwner {
  readonly settings: Settings<In, Out>;
  runs: MulticastOwner['runs'] = [];
  lingering: MulticastOwner['lingering'];
  /** The newest session. */
  session: Session<In, Out> | null = null;
  /** Unfinished sessions, the oldest first. */
  sessions: readonly Session<In, Out>[] = [];
  /** Pending calls of `drained()`. */
  drainWaiters: DrainWaiter[] = [];
  /** The outbox of the current session, or of the next one. */
  #outbox: Outbox<Out>;
  #status: SessionStatus = { state: 'idle' };
  readonly #madeIn = currentEnvironment();
  /** How many values waited when the status was last emitted. */
  #emittedQueued = 0;
  readonly #statusQueue = new EventQueue();
  // Made on first access.
  #statuses: BehaviorSubject<SocketStatus> | undefined;
  #statusStream: Observable<SocketStatus> | undefined;
  #warnings: Subject<SocketWarning> | undefined;
  #warningStream: Observable<SocketWarning> | undefined;
  readonly #unheard = new Map<string, number>();

  constructor(config: string | URL | WebSocketSubjectConfig<In, Out> | TransportConfig<In, Out>) {
    this.settings = settingsOf(config);
    prepare(this.settings);
    this.#outbox = this.#newOutbox();
  }

  /** Looked up when a session begins: a test may have replaced the global class since the subject was made. */
  get environment(): Environment {
    return withTransports(this.#madeIn, this.settings.WebSocketCtor);
  }

  #newOutbox(): Outbox<Out> {
    return new Outbox(this.settings.outbox, (warning) => this.warn(warning));
  }

  // --- subscribing

  /** The source of the base `Multicast`: joins the current session, or begins one. */
  readonly source: Source<In, Out> = (sink, subscription) => {
    const present = this.session;
    if (present?.isJoinable) {
      present.attach(sink, subscription);
      return;
    }
    const session = new Session(this, this.#outbox);
    this.session = session;
    this.sessions = [...this.sessions, session];
    const { signal } = this.settings;
    const wasAborted = signal?.aborted;
    if (signal && !wasAborted) {
      const complete = (): void => session.end({ code: 1000, reason: '', drain: true });
      signal.addEventListener('abort', complete);
      session.addTeardown(new Subscription(() => signal.removeEventListener('abort', complete)));
    }
    session.attach(sink, subscription);
    // Nothing was started that could send the outbox.
    if (wasAborted) session.end({ code: 1000, reason: '' });
  };

  get isUsed(): boolean {
    return this.runs.some(({ users }) => users > 0);
  }

  /** Ends every subscription without a terminal; with the last one the connection is closed (S9). */
  unsubscribe(): void {
    const { runs, sessions } = this;
    // Detach before unsubscribing: a subscription or a value of a teardown belongs to the next session.
    if (this.session?.isJoinable) this.detach(this.session);
    for (const run of runs) run.unsubscribeAll();
    this.lingering?.leave();
    // During a wait, a subscriber of `events.pipe(reconnectOnCode())` is in no run.
    for (const { waits } of sessions) for (const { subscription } of waits?.retries.slice() ?? []) this.catchAndWarn(() => subscription.unsubscribe());
  }

  detach(session: Session<In, Out>): void {
    if (session.isDetached) return;
    session.isDetached = true;
    this.#outbox = this.#newOutbox();
    this.notify('closingObserver', undefined);
  }

  /** Starts pending attempts, from the oldest session to the first that keeps its connection (S7). */
  startNext(): void {
    this.sessions = this.sessions.filter(({ isFinished }) => !isFinished);
    this.sessions.every((session) => session.start());
  }

  // --- sending

  /** Sends a value, or queues it. Throws if it cannot be serialized, or, with `overflow: 'throw'`, queued (S13). */
  next(value: Out, { result, onDropped }: Pick<Queued<Out>, 'result' | 'onDropped'> = {}): Queued<Out> {
    const data = this.serialize(value);
    const queued: Queued<Out> = { value, data, sentOn: this.session?.trySend(data), result, onDropped };
    if (queued.sentOn) {
      result?.resolve();
      return queued;
    }
    this.#outbox.push(queued);
    this.queueChanged();
    // Sends nothing now, but makes the session resume when the transport has room.
    if (this.session?.isDetached === false) this.session.flush();
    return queued;
  }

  /** Does what `next` does; the promise settles when the value is sent, dropped or left unsent (S13). */
  send(value: Out): Promise<void> {
    // It rejects with what `next` throws.
    return new Promise((resolve, reject) => void this.next(value, { result: { resolve, reject } }));
  }

  serialize(value: Out): Sendable {
    try {
      return sendable(this.settings.serializer(value));
    } catch (cause) {
      throw new SerializeError(value, cause);
    }
  }

  /** Removes a value that waits, when `multiplex` unsubscribes. */
  takeBack(queued: Queued<Out>): void {
    this.#outbox.remove(queued);
    this.queueChanged();
  }

  /** Also takes all pending calls of `drained()`: each waits for all sessions, so unsent values reject them all. */
  takeFrom(outbox: Outbox<Out>): Queued<Out>[] {
    return outbox.take(outbox.length === 0 ? [] : this.drainWaiters.splice(0));
  }

  queueChanged(): void {
    if (this.#statuses && this.#emittedQueued !== this.queued) this.#emitStatus();
    for (const drain of this.drainWaiters.slice()) drain.check();
  }

  /** How many values wait, those of ending sessions included. */
  get queued(): number {
    let queued = this.#outbox.length;
    for (const { outbox } of this.sessions) if (outbox !== this.#outbox) queued += outbox.length;
    return queued;
  }

  // --- ending

  /**
   * Your code ends the current session. Without one, `complete()` ends the next session once it has sent the values that wait, and `close()` empties the
   * outbox, but only before the first session.
   */
  end(request: EndRequest): void {
    const { session } = this;
    // `close()` may stop a detached session from sending its outbox; `complete()` applies to the next session.
    if (session && !session.isOver && !(session.isDetached && request.drain)) session.end(request);
    else if (request.drain) this.#outbox.isCompleted = this.#outbox.length > 0;
    else if (!session) this.dropOutbox('close() without a session');
  }

  /** Takes the values that wait for the next session: those of `send()` reject, the others are reported. */
  dropOutbox(why: string): void {
    const outbox = this.#outbox;
    const taken = this.takeFrom(outbox);
    this.queueChanged();
    outbox.rejectTaken(null);
    this.warnUnsent(taken, why);
  }

  // --- status, warnings, observers

  /** Emits the current status first and never connects (S10). */
  get status(): Observable<SocketStatus> {
    return (this.#statusStream ??= (this.#statuses = new BehaviorSubject(this.#takeStatus())).asObservable());
  }

  setStatus(session: object, status: SessionStatus): void {
    if (session !== this.session) return;
    this.#status = status;
    this.#emitStatus();
  }

  /** A status that another one has caused is delivered after it, so that every subscriber has the newest last. */
  #emitStatus(): void {
    const statuses = this.#statuses;
    if (!statuses) return;
    const status = this.#takeStatus();
    this.#statusQueue.run(() => statuses.next(status));
  }

  #takeStatus(): SocketStatus {
    this.#emittedQueued = this.queued;
    return { ...this.#status, queued: this.#emittedQueued };
  }

  get warnings(): Observable<SocketWarning> {
    return (this.#warningStream ??= (this.#warnings = new Subject()).asObservable());
  }

  warn(warning: SocketWarning): void {
    if (this.#warnings?.observed) this.#warnings.next(warning);
    else reportUnhandledWarning(warning, this.#unheard);
  }

  /** Reports values that were unsent at an end, except those of `send()`, whose promises reject. */
  warnUnsent(unsent: readonly Queued<Out>[], why = 'no subscriber received the CloseEvent'): void {
    const values = unsent.filter(({ result }) => !result).map(({ value }) => value);
    if (values.length > 0) this.warn({ kind: 'dropped', values, count: values.length, why });
  }

  notify(observer: 'openObserver' | 'closingObserver' | 'closeObserver', value: unknown): void {
    this.catchAndWarn(() => (this.settings[observer] as { next(value: unknown): void } | undefined)?.next(value), observer);
  }

  catchAndWarn(act: () => void, callback = 'finalizer'): void {
    try {
      act();
    } catch (error) {
      this.reportThrown(callback, error);
    }
  }

  reportThrown(callback: string, error: unknown): void {
    this.warn({ kind: 'callback', callback, error });
  }
}

/**
 * Reports a warning while `warnings` has no subscriber. Others may read the console's log, so it gets names and counts, but no values. A text that a server
 * could repeat with each message is reported once a second (S15); `reported` has their times.
 */
function reportUnhandledWarning(warning: SocketWarning, reported: Map<string, number>): void {
  const { onUnhandledError } = rxjsConfig;
  const { callback, count, error = warning, kind, why } = warning as Partial<Record<string, unknown>>;
  try {
    const message = `websocket-subject: ${String(kind)} ${String(callback ?? count ?? 'message')}: ${String(why ?? (error as Error | null)?.name)}`;
    const now = performance.now();
    if (now - (reported.get(message) ?? -Infinity) < 1_000) return;
    // Each loss of values is reported (S13).
    if (count === undefined) reported.set(message, now);
    if (onUnhandledError) onUnhandledError(new Error(message, { cause: error }));
    else console.warn(`${message} (more on \`warnings\`)`);
  } catch {
    // Nothing is left to report to.
  }
}

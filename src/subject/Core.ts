import { config as rxjsConfig, Subject, Subscription, type Observable } from 'rxjs';
import { OutboxOverflowError } from '../close/OutboxOverflowError.js';
import { SerializeError } from '../close/SerializeError.js';
import type { MessageData, SerializedData } from './config.js';
import { copyOfBytes } from './copyOfBytes.js';
import { Drains } from './Drains.js';
import { followSignal } from './followSignal.js';
import { isBlob } from './isBlob.js';
import type { EndRequest } from './link.js';
import { messageAs } from './messageAs.js';
import { Outbox, type Queued, type Taker } from './Outbox.js';
import { OutboxBudget } from './OutboxBudget.js';
import type { Outcome } from './Outcome.js';
import type { StatusFacts } from './Phase.js';
import { sendable } from './sendable.js';
import { Session } from './Session.js';
import type { Settings } from './settings.js';
import type { SocketStatus } from './SocketStatus.js';
import type { SocketWarning } from './SocketWarning.js';
import type { Source } from './source.js';
import { StatusStore } from './StatusStore.js';

/** What all faces of a subject share (S17): the sessions, one after another, the outbox, the status and the warnings. */
export class Core<In, Out> {
  readonly settings: Settings<In, Out>;
  readonly #status = new StatusStore();
  readonly #warnings = new Subject<SocketWarning>();
  readonly #budget: OutboxBudget;
  readonly drains: Drains;
  #outbox: Outbox<Out>;
  /** Outboxes that a `complete()` without a session has closed: each is sent, and ended, by a session of its own. */
  readonly #completed: Outbox<Out>[] = [];
  #session: Session<In, Out> | null = null;
  /** Sessions in the order in which they may connect; the first one does. */
  readonly #floor: Session<In, Out>[] = [];
  /** Sessions that are not over. */
  readonly #alive = new Set<Session<In, Out>>();
  #epoch = 0;
  /** What the faces have running. */
  readonly runs = new Set<{ dismiss(): void }>();

  constructor(settings: Settings<In, Out>) {
    this.settings = settings;
    this.#budget = new OutboxBudget(settings.outbox);
    this.drains = new Drains(() => this.#budget.values === 0);
    this.#outbox = this.#newOutbox();
  }

  /** Counts the ends by the program: a subscriber of a later epoch belongs to a later session (S7). */
  get epoch(): number {
    return this.#epoch;
  }

  get status(): Observable<SocketStatus> {
    return this.#status.changes;
  }

  get warnings(): Observable<SocketWarning> {
    return this.#warnings.asObservable();
  }

  /** Where the base face has its events from: one run of it at a time, for each session. */
  readonly source: Source<In, Out> = (sink, subscription) => {
    let session = this.#session;
    const isNew = session === null || session.isOver || session.isSealed;
    if (session === null || isNew) {
      const completed = this.#completed.shift();
      session = new Session(this, completed ?? this.#outbox, completed !== undefined);
      this.#session = session;
      this.#alive.add(session);
    }
    session.attach(sink, subscription);
    if (isNew) followSignal(session, this.settings.signal);
  };

  /** Sends a value, or keeps it for the next connection; throws when it can do neither (S13). */
  next(value: Out, outcome: Outcome | null = null): Queued<Out> {
    const session = this.#session;
    const data = this.serialize(value);
    const takenBy = session?.trySend(data) ?? null;
    if (takenBy !== null) {
      outcome?.resolve();
      this.queuedChanged();
      return { value, data, takenBy, bytes: 0, outcome };
    }
    const queued: Queued<Out> = { value, data: kept(data), takenBy, bytes: this.#budget.sizeOf(data), outcome };
    this.#keep(queued);
    if (session !== null && !session.isEnding && !session.isSealed) session.flush();
    return queued;
  }

  /** Does what `next` does, and tells what has become of the value (S13). */
  send(value: Out): Promise<void> {
    // What `next` throws is what the promise is rejected with.
    return new Promise((resolve, reject) => this.next(value, { resolve, reject }));
  }

  /** Whether values still go to this connection. */
  sendsTo(taker: Taker): boolean {
    return this.#session?.sendsTo(taker) ?? false;
  }

  /** Takes a value out of the outbox again; says no when it is not there any more. */
  takeBack(queued: Queued<Out>): boolean {
    const taken = this.#outbox.remove(queued);
    this.queuedChanged();
    return taken;
  }

  /** The program ends what there is: the session, or, where there is none to end, what waits for the next. */
  end(request: EndRequest): void {
    const session = this.#session;
    if (session !== null && (session.isOver || !(session.isEnding && request.drain))) {
      const wasOver = session.isOver;
      session.end(request);
      if (!wasOver) return;
    }
    if (request.drain) this.#complete();
    else if (session === null) this.#dropAll('close() was called before anybody had subscribed');
  }

  /** Ends gracefully, and waits until every session is over, however it ends. */
  async dispose(): Promise<void> {
    this.end({ code: 1000, reason: '', drain: true });
    const over = (session: Session<In, Out>): Promise<void> => new Promise((resolve) => session.keep(new Subscription(resolve)));
    await Promise.all([...this.#alive].map(over));
    // Nobody is left to send what still waits, unless somebody has subscribed meanwhile.
    if (this.#alive.size === 0) this.#dropAll('the subject was disposed of, and there is no session to send them');
  }

  /** Ends every subscription without a terminal; with the last one the connection is closed (S9). */
  unsubscribe(): void {
    const runs = [...this.runs];
    const sessions = [...this.#alive];
    const session = this.#session;
    // First, so that what subscribes or sends meanwhile belongs to the next session.
    if (session?.isOver === false) this.seal(session, session.isEnding ? null : this.#outbox);
    for (const run of runs) run.dismiss();
    for (const one of sessions) one.waits.dismiss();
  }

  isNewest(session: Session<In, Out>): boolean {
    return session === this.#session && !session.isSealed;
  }

  revived(session: Session<In, Out>): void {
    this.#alive.add(session);
  }

  /** From now on subscribers and values belong to the session after this one (S7). `outbox` is its own; what completes has another than the present one. */
  seal(session: Session<In, Out>, outbox: Outbox<Out> | null): void {
    if (session.isSealed) return;
    session.isSealed = true;
    this.#epoch++;
    if (this.#outbox === outbox) this.#outbox = this.#newOutbox();
    this.tell('closingObserver', undefined);
  }

  takeFloor(session: Session<In, Out>): void {
    if (!this.#floor.includes(session)) this.#floor.push(session);
    this.yieldFloor();
  }

  /** The session may have let the floor go: the first one that has not may connect (S7). */
  yieldFloor(): void {
    while (this.#floor[0]?.holdsFloor === false) this.#floor.shift();
    this.#floor[0]?.start();
  }

  /** A session is over; who waits for values that it has taken from its outbox is told. */
  left(session: Session<In, Out>, outbox: Outbox<Out>, status: Extract<StatusFacts, { state: 'closed' }>): void {
    this.#alive.delete(session);
    outbox.tellUnsent(status.closeEvent, status.error);
    this.tellStatus(session, status);
    this.queuedChanged();
    this.yieldFloor();
  }

  /** Tells the status, of the newest session only. */
  tellStatus(session: Session<In, Out>, status: StatusFacts | undefined): void {
    if (session === this.#session && status !== undefined) this.#status.set(status, this.#budget.values);
    this.drains.look();
  }

  /** What waits to be sent may have changed. */
  queuedChanged(): void {
    this.#status.setQueued(this.#budget.values);
    this.drains.look();
  }

  serialize(value: Out): SerializedData {
    try {
      const given = this.settings.serializer(value);
      const data = sendable(given);
      if (data !== undefined) return data;
      throw new TypeError(`serializer gave ${typeof given}, which is neither a string nor binary data`);
    } catch (cause) {
      throw new SerializeError(value, cause);
    }
  }

  /** Makes a message of a frame, whose binary data it finds as `binaryType` says. */
  deserialize(event: { readonly data: MessageData }): In {
    const { settings } = this;
    // Text is the usual case, and every message comes by here.
    return settings.deserializer(typeof event.data === 'string' ? event : messageAs(settings.binaryType, event));
  }

  /** Tells one of the config's observers (S16). */
  tell(name: 'openObserver' | 'closingObserver' | 'closeObserver', value: unknown): void {
    try {
      (this.settings[name] as { next(value: unknown): void } | undefined)?.next(value);
    } catch (error) {
      this.warn({ kind: 'callback', callback: name, error });
    }
  }

  warn(warning: SocketWarning): void {
    if (this.#warnings.observed) this.#warnings.next(warning);
    else warnNobody(warning);
  }

  /** Tells of values that an end has left unsent and that no subscriber is told of by a close event. */
  warnUnsent(values: readonly unknown[]): void {
    const why = 'the session has ended, and no subscriber is told so by a close event';
    if (values.length > 0) this.warn({ kind: 'dropped', values, why });
  }

  /** Keeps a value for the next connection; at the limit it throws, or something is dropped, as the config says (S15). */
  #keep(queued: Queued<Out>): void {
    const { overflow } = this.#budget.limits;
    const dropped: Queued<Out>[] = [];
    const exceeded = this.#budget.exceededBy(queued.bytes);
    if (exceeded !== null && overflow === 'error') throw new OutboxOverflowError(queued.value, exceeded.limit, exceeded.unit);
    // Only where it helps: not for a value that would not even fit alone.
    const makesRoom = exceeded !== null && overflow === 'drop-oldest' && this.#budget.exceededBy(queued.bytes, this.#outbox) === null;
    while (makesRoom && this.#budget.exceededBy(queued.bytes) !== null && this.#outbox.oldest !== undefined) {
      dropped.push(this.#outbox.oldest);
      this.#outbox.remove(this.#outbox.oldest);
    }
    if (this.#budget.exceededBy(queued.bytes) === null) this.#outbox.push(queued);
    else dropped.push(queued);
    this.queuedChanged();
    if (exceeded === null || dropped.length === 0) return;
    for (const { value, outcome } of dropped) outcome?.reject(new OutboxOverflowError(value, exceeded.limit, exceeded.unit));
    this.warn({ kind: 'dropped', values: dropped.map(({ value }) => value), why: `the outbox is full (${overflow})` });
  }

  #complete(): void {
    if (this.#outbox.length === 0) return;
    this.#completed.push(this.#outbox);
    this.#outbox = this.#newOutbox();
  }

  #newOutbox(): Outbox<Out> {
    return new Outbox(this.#budget, this.drains);
  }

  #dropAll(why: string): void {
    const outboxes = [...this.#completed.splice(0), this.#outbox];
    const values = outboxes.flatMap((outbox) => outbox.take());
    for (const outbox of outboxes) outbox.tellUnsent(null);
    if (values.length === 0) return;
    this.queuedChanged();
    this.warn({ kind: 'dropped', values, why });
  }
}

/** What waits is as it was when `next()` was called, as a socket's own `send()` has it, and holds no larger memory that it is a view of. */
function kept(data: SerializedData): SerializedData {
  return typeof data === 'string' || isBlob(data) ? data : copyOfBytes(data);
}

function warnNobody(warning: SocketWarning): void {
  const { onUnhandledError } = rxjsConfig;
  const [what, detail] =
    warning.kind === 'callback'
      ? [`${warning.callback} has thrown`, warning.error]
      : warning.kind === 'invalid'
        ? ['a message could not be read and was dropped', warning.error]
        : [`${warning.values.length} values were dropped: ${warning.why}`, warning.values];
  try {
    if (onUnhandledError) onUnhandledError(new Error(`websocket-subject: ${what}`, { cause: detail }));
    else console.warn(`websocket-subject: ${what}`, detail);
  } catch {
    // There is nobody left to tell.
  }
}

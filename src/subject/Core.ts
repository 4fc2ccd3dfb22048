import { config as rxjsConfig, Subject, type Observable } from 'rxjs';
import { SerializeError } from '../close/SerializeError.js';
import type { SerializedData } from './config.js';
import type { EndRequest } from './link.js';
import { Outbox, type OutboxBudget, type Queued } from './Outbox.js';
import { Session } from './Session.js';
import type { Settings } from './settings.js';
import type { SocketStatus } from './SocketStatus.js';
import type { SocketWarning } from './SocketWarning.js';
import type { Source } from './source.js';
import type { StatusFacts } from './statusOf.js';
import { StatusStore } from './StatusStore.js';

/** What all faces of a subject share (S17): the sessions, one after another, the outbox, the status and the warnings. */
export class Core<In, Out> {
  readonly settings: Settings<In, Out>;
  readonly #status = new StatusStore();
  readonly #warnings = new Subject<SocketWarning>();
  readonly #budget: OutboxBudget;
  #outbox: Outbox<Out>;
  /** Outboxes that a `complete()` without a session has closed: each is sent, and ended, by a session of its own. */
  readonly #completed: Outbox<Out>[] = [];
  #session: Session<In, Out> | null = null;
  /** Sessions in the order in which they may connect; the first one does. */
  readonly #floor: Session<In, Out>[] = [];
  #epoch = 0;
  /** How many connections have been opened, ever. */
  opens = 0;
  /** What the faces have running. */
  readonly runs = new Set<{ dismiss(): void }>();

  constructor(settings: Settings<In, Out>) {
    this.settings = settings;
    this.#budget = { maxValues: settings.maxValues, used: 0 };
    this.#outbox = new Outbox(this.#budget);
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
    if (session === null || session.isOver || session.isSealed) {
      const completed = this.#completed.shift();
      session = new Session(this, completed ?? this.#outbox, completed !== undefined);
      this.#session = session;
    }
    session.attach(sink, subscription);
  };

  /** Whether what is sent now goes to the connection that was opened last. */
  get isOpen(): boolean {
    return this.#session?.isOpen ?? false;
  }

  /** Sends a value, or keeps it for the next connection, and then gives what `takeBack` takes; throws when it can do neither (S13). */
  next(value: Out): Queued<Out> | undefined {
    const data = this.serialize(value);
    if (this.#session?.trySend(data) === true) return undefined;
    const queued = { value, data };
    this.#outbox.push(queued);
    this.queuedChanged();
    if (this.#session?.final === false) this.#session.flush();
    return queued;
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
    if (session !== null && !session.isOver && !(session.final && request.drain)) session.end(request);
    else if (request.drain) this.#complete();
    else if (session === null) this.#dropAll();
    else session.end(request);
  }

  /** Ends every subscription without a terminal; with the last one the connection is closed (S9). */
  unsubscribe(): void {
    for (const run of [...this.runs]) run.dismiss();
    this.#session?.dismissWaits();
  }

  /** From now on subscribers and values belong to the session after this one (S7). */
  seal(session: Session<In, Out>, outbox: Outbox<Out>): void {
    if (session.isSealed) return;
    session.isSealed = true;
    this.#epoch++;
    if (this.#outbox === outbox) this.#outbox = new Outbox(this.#budget);
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

  /** A session is over. */
  left(session: Session<In, Out>, status: StatusFacts): void {
    this.tellStatus(session, status);
    this.queuedChanged();
    this.yieldFloor();
  }

  /** Tells the status, of the newest session only. */
  tellStatus(session: Session<In, Out>, status: StatusFacts | undefined): void {
    if (session === this.#session && status !== undefined) this.#status.set(status, this.#budget.used);
  }

  queuedChanged(): void {
    this.#status.setQueued(this.#budget.used);
  }

  serialize(value: Out): SerializedData {
    let data: SerializedData;
    try {
      data = this.settings.serializer(value);
    } catch (cause) {
      throw new SerializeError(value, cause);
    }
    if (isSerialized(data)) return data;
    throw new SerializeError(value, new TypeError(`serializer gave ${typeof data}, which is neither a string nor binary data`));
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

  #complete(): void {
    if (this.#outbox.length === 0) return;
    this.#completed.push(this.#outbox);
    this.#outbox = new Outbox(this.#budget);
  }

  #dropAll(): void {
    const values = [...this.#completed.splice(0), this.#outbox].flatMap((outbox) => outbox.take());
    if (values.length === 0) return;
    this.queuedChanged();
    this.warn({ kind: 'dropped', values, why: 'close() was called before anybody had subscribed' });
  }
}

function isSerialized(data: unknown): boolean {
  if (typeof data === 'string' || ArrayBuffer.isView(data)) return true;
  // By their tags: a buffer or a Blob may come from another realm.
  const tag = Object.prototype.toString.call(data);
  return ['[object ArrayBuffer]', '[object SharedArrayBuffer]', '[object Blob]', '[object File]'].includes(tag);
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

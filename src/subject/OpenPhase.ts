import type { Observable} from 'rxjs';
import { from, Subject, Subscription } from 'rxjs';
import { WebSocketTimeoutError } from '../close/WebSocketTimeoutError.js';
import type { Connection } from './Connection.js';
import type { Gate } from './events.js';

/** What an `open` event gives of its connection: the messages of this one only, and the work that the outbox waits for (S12). */
export class OpenPhase<In> implements Gate {
  readonly messages: Observable<In>;
  readonly beforeOutbox = new Set<() => void>();
  readonly #connection: Connection;
  readonly #hold: () => void;
  readonly #ready: () => void;
  readonly #received = new Subject<In>();
  readonly #running = new Subscription();
  #pending = 0;
  #isFlowing = false;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  /** `hold` is called when there is work to wait for, `ready` each time that none is pending any more. */
  constructor(connection: Connection, hold: () => void, ready: () => void) {
    this.#connection = connection;
    this.#hold = hold;
    this.#ready = ready;
    this.messages = this.#received.asObservable();
  }

  get isFlowing(): boolean {
    return this.#isFlowing;
  }

  /** The outbox may flow: first goes what goes before it. Says no while work is waited for, which that may have begun. */
  flow(): boolean {
    if (this.#pending > 0) return false;
    if (!this.#isFlowing) {
      this.#isFlowing = true;
      for (const send of this.beforeOutbox) send();
    }
    return this.#pending === 0;
  }

  deliver(message: In): void {
    if (this.#received.observed) this.#received.next(message);
  }

  /** Adds work; all of it has one deadline, which begins with the first. What fails, or takes too long, aborts the connection. */
  waitUntil(work: PromiseLike<unknown> | Observable<unknown>): void {
    const source = from(work);
    if (this.#running.closed || this.#connection.isLeft) {
      // Nothing waits for it any more; that it fails must not count as a rejection that nobody handles.
      this.#running.add(source.subscribe({ error: () => undefined }));
      return;
    }
    this.#hold();
    this.#isFlowing = false;
    this.#pending++;
    const ms = this.#connection.connectTimeout;
    this.#deadline ??= setTimeout(() => this.#fail(new WebSocketTimeoutError('connect', ms)), ms);
    this.#running.add(source.subscribe({ error: (cause: unknown) => this.#fail(cause), complete: () => this.#done() }));
  }

  /** Our Close is sent: the work is waited for no more. */
  stopWork(): void {
    clearTimeout(this.#deadline);
    this.#running.unsubscribe();
  }

  /** The connection has ended. */
  end(): void {
    this.stopWork();
    this.#received.complete();
  }

  #done(): void {
    this.#pending--;
    if (this.#pending > 0 || this.#running.closed) return;
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    this.#ready();
  }

  #fail(cause: unknown): void {
    this.stopWork();
    this.#connection.abort(cause);
  }
}

import { from, Observable, Subject, Subscription } from 'rxjs';
import { WebSocketTimeoutError } from '../close/WebSocketTimeoutError.js';
import type { Connection } from './Connection.js';
import type { Gate } from './events.js';
import { listenTo } from './listenTo.js';

/** What an `open` event gives of its connection: the messages of this one only, and the work that the outbox waits for (S12). */
export class OpenPhase<In> implements Gate {
  readonly messages: Observable<In>;
  /** How many messages could not be read. */
  refused = 0;
  readonly beforeOutbox = new Set<() => void>();
  readonly #connection: Connection;
  readonly #hold: () => void;
  readonly #ready: () => void;
  readonly #threw: (callback: string, error: unknown) => void;
  readonly #received = new Subject<In>();
  readonly #running = new Subscription();
  #pending = 0;
  #isFlowing = false;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  /**
   * `hold` is called when there is work to wait for, `ready` each time that none is pending any more, `threw` with what a teardown has thrown.
   */
  constructor(connection: Connection, hold: () => void, ready: () => void, threw: (callback: string, error: unknown) => void) {
    this.#connection = connection;
    this.#hold = hold;
    this.#ready = ready;
    this.#threw = threw;
    this.messages = new Observable((subscriber) =>
      this.#received.subscribe({
        next: (message) => subscriber.next(message),
        complete: () => {
          try {
            subscriber.complete();
          } catch (error) {
            threw('finalizer', error);
          }
        },
      }),
    );
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
    // First, since it throws when there is nothing to wait for in it.
    const source = from(work);
    const threw = (error: unknown): void => this.#threw('waitUntil', error);
    if (this.#running.closed || this.#connection.isLeft) {
      // Nothing waits for it any more; that it fails must not count as a rejection that nobody handles.
      this.#running.add(listenTo(source, { error: () => undefined }, threw));
      return;
    }
    this.#hold();
    this.#isFlowing = false;
    this.#pending++;
    const ms = this.#connection.connectTimeout;
    this.#deadline ??= setTimeout(() => this.#fail(new WebSocketTimeoutError('connect', ms)), ms);
    this.#running.add(listenTo(source, { error: (cause) => this.#fail(cause), complete: () => this.#done() }, threw));
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

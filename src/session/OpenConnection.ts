import { Observable, Subject, Subscription } from 'rxjs';
import { domException } from '../close/domException.js';
import { sendableClose } from '../close/sendableClose.js';
import { WebSocketTimeoutError } from '../close/WebSocketTimeoutError.js';
import type { WebSocketLike } from '../config/WebSocketLike.js';
import type { Sendable } from '../connection/binary.js';
import { startTimer, type Environment, type Timer } from '../connection/Environment.js';
import { listenTo, observe } from '../connection/listenTo.js';
import type { Pausing } from '../connection/Pausing.js';
import type { EndRequest } from './EndRequest.js';

/** The part of the connection that is used here. */
interface UsedConnection {
  readonly canSend: boolean;
  readonly connectTimeout: number;
  readonly url: string;
  readonly transport: WebSocketLike | null;
  pausing: Pausing | undefined;
  /** Bytes that the transport was given, and bytes that it has not sent yet. */
  readonly buffer: { readonly handed: number; readonly amount: number } | undefined;
  readonly isOpen: boolean;
  send(data: Sendable): void;
  close(code: number, reason: string): void;
  abort(cause: unknown): void;
}

/** The session of an open connection. */
interface OpenConnectionOwner {
  readonly environment: Environment;
  end(request: EndRequest): void;
  serialize(value: unknown): Sendable;
  /** No work is pending any more: the outbox may be sent. */
  resumeSending(): void;
  reportThrown(callback: string, error: unknown): void;
}

/** What lasts as long as a connection is open: its messages, and the work that the outbox waits for (S12). */
export class OpenConnection<In, Out> {
  readonly session: OpenConnectionOwner;
  readonly connection: UsedConnection;
  /** Made when your code first reads `messages`. */
  messageSubject: Pick<Subject<In>, 'next' | 'complete' | 'subscribe'> | undefined;
  /** How many messages could not be read. */
  unreadable = 0;
  /** Whether `topics` may send its requests, which go before the outbox (S12). Set by `openOutbox()`, cleared by `waitUntil()`. */
  mayRequest = false;
  /** Whether values of the outbox may be sent. Set by `openOutbox()` after the requests, cleared by `waitUntil()`. */
  isOutboxOpen = false;
  /** Called before the outbox opens: on open, and after `waitUntil` work. `topics` sends its requests here (S12). */
  readonly beforeOutbox: (() => void)[] = [];
  /** How many `waitUntil` calls are pending. */
  pendingWork = 0;
  #isEnded = false;
  #work: Subscription | undefined;
  #deadline: Timer | undefined;

  constructor(session: OpenConnectionOwner, connection: UsedConnection) {
    this.session = session;
    this.connection = connection;
  }

  get messages(): Observable<In> {
    const messageSubject = (this.messageSubject ??= new Subject());
    if (this.#isEnded) messageSubject.complete();
    return new Observable((subscriber) =>
      messageSubject.subscribe({
        next: (message) => subscriber.next(message),
        complete: () => {
          try {
            subscriber.complete();
          } catch (error) {
            this.session.reportThrown('finalizer', error);
          }
        },
      }),
    );
  }

  send(value: Out): void {
    const data = this.session.serialize(value);
    if (!this.connection.canSend) throw domException('the connection is closing or gone', 'InvalidStateError');
    this.connection.send(data);
  }

  /** All pending work shares one deadline, which starts with the first call. Work that fails, or takes too long, ends the connection. */
  waitUntil(work: PromiseLike<unknown> | Observable<unknown>): void {
    // Before anything changes: it throws when the argument is neither.
    const source = observe(work);
    const { connection, session } = this;
    const running = (this.#work ??= new Subscription());
    // After our Close, or after other work has failed, it is too late to hold the outbox back. Listen, or a rejection would be unhandled.
    const isLate = running.closed;
    if (!isLate) {
      this.mayRequest = this.isOutboxOpen = false;
      this.pendingWork++;
      // The work may wait for an answer.
      connection.pausing?.update();
      const ms = connection.connectTimeout;
      this.#deadline ??= startTimer(session.environment, ms, () => this.fail(new WebSocketTimeoutError('connect', ms)));
    }
    const listener = { error: (cause: unknown) => isLate || this.fail(cause), complete: () => isLate || this.#done() };
    running.add(listenTo(source, listener, (error) => session.reportThrown('waitUntil', error)));
  }

  /** Work has failed (S12): `{ code, reason }` that may be sent closes the connection with them, anything else aborts it. The policy decides. */
  fail(cause: unknown): void {
    this.stopWork();
    const close = sendableClose(cause);
    if (close) this.connection.close(close.code, close.reason);
    else this.connection.abort(cause);
  }

  /** Runs `beforeOutbox`, then opens the outbox. Returns false while work is pending. */
  openOutbox(): boolean {
    if (this.pendingWork === 0 && !this.isOutboxOpen) {
      this.mayRequest = true;
      for (const send of this.beforeOutbox.slice()) send();
      // One of them may have called `waitUntil`.
      this.isOutboxOpen = this.mayRequest;
    }
    return this.isOutboxOpen;
  }

  /** Our Close is sent: stop waiting for work. */
  stopWork(): void {
    clearTimeout(this.#deadline);
    this.#work?.unsubscribe();
    this.#work = Subscription.EMPTY;
  }

  /** The connection has ended. */
  end(): void {
    this.#isEnded = true;
    this.stopWork();
    this.messageSubject?.complete();
  }

  #done(): void {
    if (--this.pendingWork > 0) return;
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    this.connection.pausing?.update();
    this.session.resumeSending();
  }
}

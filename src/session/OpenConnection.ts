import { from, Observable, Subject, Subscription } from 'rxjs';
import { domException } from '../close/domException.js';
import { WebSocketTimeoutError } from '../close/WebSocketTimeoutError.js';
import type { WebSocketLike } from '../config/WebSocketLike.js';
import type { Sendable } from '../connection/binary.js';
import { startTimer, type Environment, type Timer } from '../connection/Environment.js';
import { listenTo } from '../connection/listenTo.js';
import type { Pausing } from '../connection/Pausing.js';
import type { EndRequest } from './EndRequest.js';

/** The connection itself. */
interface OpenTransport {
  readonly canSend: boolean;
  readonly isReleased: boolean;
  readonly connectTimeout: number;
  readonly transport: WebSocketLike | null;
  pausing: Pausing | undefined;
  readonly isOpen: boolean;
  send(data: Sendable): void;
  abort(cause: unknown): void;
}

/** The session of an open connection. */
interface OpenConnectionOwner {
  readonly environment: Environment;
  end(request: EndRequest): void;
  serialize(value: unknown): Sendable;
  /** No work is pending any more: the outbox may be sent. */
  ready(): void;
  threw(callback: string, error: unknown): void;
}

/** What lasts as long as a connection is open: its messages, and the work that the outbox waits for (S12). */
export class OpenConnection<In, Out> {
  readonly session: OpenConnectionOwner;
  readonly connection: OpenTransport;
  /** Receives each message, once your code has asked for `messages`. */
  received: Pick<Subject<In>, 'next' | 'complete' | 'subscribe'> | undefined;
  /** How many messages could not be read. */
  unreadable = 0;
  /** Whether the outbox is sent, so that a value sent now leaves at once. */
  isFlowing = false;
  /** Called each time that the outbox is about to be sent. */
  readonly beforeOutbox: (() => void)[] = [];
  /** How much work is pending. */
  pending = 0;
  #isEnded = false;
  #work: Subscription | undefined;
  #deadline: Timer | undefined;

  constructor(session: OpenConnectionOwner, connection: OpenTransport) {
    this.session = session;
    this.connection = connection;
  }

  get messages(): Observable<In> {
    const received = (this.received ??= new Subject());
    if (this.#isEnded) received.complete();
    return new Observable((subscriber) =>
      received.subscribe({
        next: (message) => subscriber.next(message),
        complete: () => {
          try {
            subscriber.complete();
          } catch (error) {
            this.session.threw('finalizer', error);
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

  /** All work has one deadline, which starts with the first. Work that fails, or takes too long, aborts the connection. */
  waitUntil(work: PromiseLike<unknown> | Observable<unknown>): void {
    // First, since it throws when the argument is neither.
    const source = from(work);
    const { connection, session } = this;
    const running = (this.#work ??= new Subscription());
    // Then nothing waits for the work; a rejection must not count as unhandled all the same.
    const isLate = connection.isReleased || running.closed;
    if (!isLate) {
      this.isFlowing = false;
      this.pending++;
      // What the work waits for comes from the server.
      connection.pausing?.allow(false);
      const ms = connection.connectTimeout;
      this.#deadline ??= startTimer(session.environment, ms, () => this.#fail(new WebSocketTimeoutError('connect', ms)));
    }
    const listener = { error: (cause: unknown) => isLate || this.#fail(cause), complete: () => isLate || this.#done() };
    running.add(listenTo(source, listener, (error) => session.threw('waitUntil', error)));
  }

  /** Lets the outbox flow, after what goes before it. Returns false while work is pending. */
  flow(): boolean {
    if (this.pending === 0 && !this.isFlowing) {
      this.isFlowing = true;
      // That may begin work.
      for (const send of this.beforeOutbox.slice()) send();
    }
    return this.isFlowing;
  }

  /** Our Close is sent: pending work does not matter any more. */
  stopWork(): void {
    clearTimeout(this.#deadline);
    this.#work?.unsubscribe();
  }

  /** The connection has ended. */
  end(): void {
    this.#isEnded = true;
    this.stopWork();
    this.received?.complete();
  }

  #done(): void {
    this.pending--;
    if (this.pending > 0) return;
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    this.connection.pausing?.allow(true);
    this.session.ready();
  }

  #fail(cause: unknown): void {
    this.stopWork();
    this.connection.abort(cause);
  }
}

import { Observable, type Subscriber } from 'rxjs';
import type { CloseEvent, SocketEvent } from '../../../src/index.js';
import type { Connections } from './Connections.js';

/** What a subscriber of events may receive after its last event; `|` and `#` are the terminals. */
const follows: Readonly<Record<string, readonly string[]>> = {
  // A late subscriber first receives the present phase (S11); one that subscribes while your code ends a session without a connection, the end.
  nothing: ['connecting', 'open', 'reconnecting', 'close'],
  connecting: ['open', 'reconnecting', 'close', '#'],
  open: ['message', 'reconnecting', 'close'],
  message: ['message', 'reconnecting', 'close'],
  // Another subscriber may have connected while it waited.
  reconnecting: ['connecting', 'open', 'close'],
  close: ['|', '#'],
  '|': [],
  '#': [],
};

const isNumber = (message: unknown): message is number => Number.isInteger(message) && (message as number) >= 0;

/** The part of the connections that a subscriber uses. */
export type SubscribedConnections = Pick<Connections, 'closed' | 'mayBeHeard' | 'subscribed' | 'unsubscribed'>;

/** A subscriber that checks what it receives: S1, S2, S7, S8 and S18. */
export class CheckedSubscriber {
  readonly log: string[] = [];
  readonly violations: string[] = [];
  /** A custom operator that throws ends a stream anywhere. */
  checksGrammar = true;
  received = 0;
  /** Whether it has unsubscribed: no terminal comes then. */
  hasUnsubscribed = false;
  terminal: '|' | '#' | null = null;
  error: unknown;
  closeEvent: CloseEvent | null = null;
  #subscriber: Subscriber<unknown> | undefined;
  #isSubjectUnsubscribed = false;
  #attempt: number | null = null;
  #lastMessage = -1;
  readonly #connections: SubscribedConnections;

  constructor(
    readonly name: string,
    /** `part`: it subscribes to what a subscriber has received, and keeps no connection. */
    readonly kind: 'events' | 'values' | 'part',
    connections: SubscribedConnections,
  ) {
    this.#connections = connections;
  }

  get isLive(): boolean {
    return this.terminal === null && !this.hasUnsubscribed && !(this.#isSubjectUnsubscribed && this.#subscriber?.closed === true);
  }

  subscribe<T>(stream: Observable<T>, next: (value: T) => void, ended: (terminal: '|' | '#') => void, finalizer: () => void): void {
    const finish = (terminal: '|' | '#', error?: unknown): void => {
      this.#log(terminal);
      this.terminal = terminal;
      this.error = error;
      if (this.kind === 'events' && this.checksGrammar) this.#checkTerminal(terminal);
      ended(terminal);
    };
    // The subscriber is known before the first event, so that it can unsubscribe inside it.
    new Observable<T>((subscriber) => {
      this.#subscriber = subscriber;
      if (this.kind !== 'part') {
        this.#connections.subscribed();
        subscriber.add(() => this.#connections.unsubscribed());
      }
      subscriber.add(finalizer);
      return stream.subscribe(subscriber);
    }).subscribe({ next, complete: () => finish('|'), error: (error: unknown) => finish('#', error) });
  }

  unsubscribe(): void {
    this.hasUnsubscribed ||= this.terminal === null;
    this.#subscriber?.unsubscribe();
  }

  /** `unsubscribe()` of the subject was called: it is unsubscribed, unless its end is being delivered, or its session comes after. */
  subjectUnsubscribed(): void {
    this.#isSubjectUnsubscribed = true;
  }

  /** Whether it has received the `open` of the present connection, and no end of it. */
  get isOpen(): boolean {
    return this.isLive && ['open', 'message'].includes(this.log.at(-1) ?? '');
  }

  get lastMessage(): number {
    return this.#lastMessage;
  }

  /** Checks that a message is not from a connection that has ended, and comes once and in order. */
  message(message: unknown): void {
    this.received++;
    // A faulty deserializer has made it.
    if (!isNumber(message)) return;
    if (!this.#connections.mayBeHeard(message)) this.violations.push(`S7: message ${message} is from a transport that must not be heard any more`);
    if (message <= this.#lastMessage) this.violations.push(`S1: message ${message} after ${this.#lastMessage}`);
    this.#lastMessage = message;
  }

  /** Checks an event against the grammar (S1) and the close against its terminal (S2). */
  event(event: SocketEvent<unknown, never>): void {
    this.#log(event.type);
    if (event.type === 'message') this.message(event.data);
    else if (event.type === 'close') this.#closed(event);
    else this.#checkAttempt(event);
  }

  #log(what: string): void {
    const last = this.log.at(-1) ?? 'nothing';
    this.log.push(what);
    if (this.kind === 'events' && this.checksGrammar && follows[last]?.includes(what) !== true) this.violations.push(`S1: '${what}' after '${last}'`);
  }

  /**
   * An `open` has the number of its `connecting`, and a retry the announced number; or another one when others have retried meanwhile: a later one, or 1 after a
   * stable connection of theirs. A session counts from 0.
   */
  #checkAttempt(event: Exclude<SocketEvent<unknown>, { type: 'message' | 'close' }>): void {
    const { type, attempt } = event;
    const known = this.#attempt ?? attempt;
    const isWrong = type === 'open' ? attempt !== known : type === 'connecting' && attempt < known && attempt > 1;
    if (event.type === 'reconnecting') this.#connections.closed(event.closeEvent);
    if (isWrong) this.violations.push(`S8: ${type} ${attempt} after ${known}`);
    this.#attempt = attempt;
  }

  /** S2: an unclean close errors, with that same event. */
  #checkTerminal(terminal: '|' | '#'): void {
    const { closeEvent, error } = this;
    if (terminal === '|' && closeEvent?.wasClean === false) this.violations.push(`S2: completed after an unclean close ${closeEvent.code}`);
    const { name, event } = (error ?? {}) as { name?: unknown; event?: unknown };
    if (name === 'WebSocketCloseError' && event !== closeEvent) this.violations.push('S2: the error has another close than the one before it');
  }

  #closed(event: CloseEvent): void {
    this.closeEvent = event;
    this.#connections.closed(event);
    void Promise.resolve().then(() => {
      if (this.isLive) this.violations.push('S2: the terminal did not come in the task of the close');
    });
  }
}

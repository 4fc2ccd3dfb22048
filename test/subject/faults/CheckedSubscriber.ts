import { Observable, type Subscriber } from 'rxjs';
import type { CloseEvent, SocketEvent } from '../../../src/index.js';

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

/** A subscriber that checks what it receives. */
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

  constructor(
    readonly name: string,
    readonly kind: 'events' | 'values',
  ) {}

  get isLive(): boolean {
    return this.terminal === null && !this.hasUnsubscribed && !(this.#isSubjectUnsubscribed && this.#subscriber?.closed === true);
  }

  subscribe<T>(stream: Observable<T>, next: (value: T) => void, ended: (terminal: '|' | '#') => void, finalizer: () => void): void {
    const finish = (terminal: '|' | '#', error?: unknown): void => {
      this.#log(terminal);
      this.terminal = terminal;
      this.error = error;
      ended(terminal);
    };
    // The subscriber is known before the first event, so that it can unsubscribe inside it.
    new Observable<T>((subscriber) => {
      this.#subscriber = subscriber;
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

  message(): void {
    this.received++;
  }

  /** Checks an event against the grammar (S1) and the close against its terminal (S2). */
  event(event: SocketEvent<unknown, never>): void {
    this.#log(event.type);
    if (event.type === 'message') this.received++;
    else if (event.type === 'close') this.#closed(event);
    else this.#checkAttempt(event);
  }

  #log(what: string): void {
    const last = this.log.at(-1) ?? 'nothing';
    this.log.push(what);
    if (this.kind === 'events' && this.checksGrammar && follows[last]?.includes(what) !== true) this.violations.push(`S1: '${what}' after '${last}'`);
  }

  /** An `open` has the number of its `connecting`; a retry has the announced number, or a later one when others have retried meanwhile; a session counts from 0. */
  #checkAttempt({ type, attempt }: { type: string; attempt: number }): void {
    const known = this.#attempt ?? attempt;
    const isWrong = type === 'open' ? attempt !== known : type === 'connecting' && attempt < known && attempt > 0;
    if (isWrong) this.violations.push(`S8: ${type} ${attempt} after ${known}`);
    this.#attempt = attempt;
  }

  #closed(event: CloseEvent): void {
    this.closeEvent = event;
    void Promise.resolve().then(() => {
      if (this.isLive) this.violations.push('S2: the terminal did not come in the task of the close');
    });
  }
}

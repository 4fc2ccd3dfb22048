import { Observable, type Subscriber } from 'rxjs';
import type { CloseEvent, SocketEvent } from '../../../src/index.js';

/** What an events subscriber of a stream may be told after what it was told last; `|` and `#` are the terminals. */
const follows: Readonly<Record<string, readonly string[]>> = {
  // A late subscriber first gets the present phase (S11); one that comes while the program ends what has no connection, the end.
  nothing: ['connecting', 'open', 'reconnecting', 'close'],
  connecting: ['open', 'reconnecting', 'close', '#'],
  open: ['message', 'reconnecting', 'close'],
  message: ['message', 'reconnecting', 'close'],
  // Others may have connected while it waited.
  reconnecting: ['connecting', 'open', 'close'],
  close: ['|', '#'],
  '|': [],
  '#': [],
};

/** A subscriber, and what is wrong with what it was told. */
export class Watcher {
  readonly log: string[] = [];
  readonly faults: string[] = [];
  /** An operator of the program that throws ends a stream wherever it is. */
  checksGrammar = true;
  received = 0;
  /** Whether it was told to leave: no terminal comes then. */
  hasLeft = false;
  terminal: '|' | '#' | null = null;
  error: unknown;
  closeEvent: CloseEvent | null = null;
  #subscriber: Subscriber<unknown> | undefined;
  #isDismissed = false;
  #attempt: number | null = null;

  constructor(
    readonly name: string,
    readonly kind: 'events' | 'values',
  ) {}

  get isLive(): boolean {
    return this.terminal === null && !this.hasLeft && !(this.#isDismissed && this.#subscriber?.closed === true);
  }

  subscribe<T>(stream: Observable<T>, told: (value: T) => void, ended: (terminal: '|' | '#') => void, finalizer: () => void): void {
    const finish = (terminal: '|' | '#', error?: unknown): void => {
      this.#log(terminal);
      this.terminal = terminal;
      this.error = error;
      ended(terminal);
    };
    // The subscriber is known before the first event, so that it can leave from inside it.
    new Observable<T>((subscriber) => {
      this.#subscriber = subscriber;
      subscriber.add(finalizer);
      return stream.subscribe(subscriber);
    }).subscribe({ next: told, complete: () => finish('|'), error: (error: unknown) => finish('#', error) });
  }

  leave(): void {
    this.hasLeft ||= this.terminal === null;
    this.#subscriber?.unsubscribe();
  }

  /** `unsubscribe()` of the subject was called: it has left by that, unless its end is just being told, or its session comes after. */
  wasDismissed(): void {
    this.#isDismissed = true;
  }

  message(): void {
    this.received++;
  }

  /** Checks an event against the grammar (S1) and the close against its terminal (S2). */
  event(event: SocketEvent<unknown, never>): void {
    this.#log(event.type);
    if (event.type === 'message') this.received++;
    else if (event.type === 'close') this.#closed(event);
    else this.#counted(event);
  }

  #log(what: string): void {
    const last = this.log.at(-1) ?? 'nothing';
    this.log.push(what);
    if (this.kind === 'events' && this.checksGrammar && follows[last]?.includes(what) !== true) this.faults.push(`S1: '${what}' after '${last}'`);
  }

  /** An `open` is of the connection before it, and a retry has the number that was announced, or a later one when others have retried meanwhile; a session counts from 0. */
  #counted({ type, attempt }: { type: string; attempt: number }): void {
    const known = this.#attempt ?? attempt;
    if (type === 'open' ? attempt !== known : type === 'connecting' && attempt < known && attempt > 0) this.faults.push(`S8: ${type} ${attempt} after ${known}`);
    this.#attempt = attempt;
  }

  #closed(event: CloseEvent): void {
    this.closeEvent = event;
    void Promise.resolve().then(() => {
      if (this.isLive) this.faults.push('S2: the terminal did not come in the turn of the close');
    });
  }
}

import type { Observable, Subscription } from 'rxjs';
import { expect } from 'vitest';
import { WebSocketCloseError, type CleanCloseEvent, type SocketEvent, type UncleanCloseEvent } from '../../../src/index.js';

export type AnyEvent = SocketEvent<unknown, unknown>;
export type AnyCloseEvent = CleanCloseEvent | UncleanCloseEvent;
type EventType = AnyEvent['type'];
type EventOf<Type extends EventType> = Extract<AnyEvent, { type: Type }>;

export interface RecordingOptions {
  /** Subscribed after the session began, so that the first event is the present phase. */
  late?: boolean;
  /** The session ends with an error of your code or of a bad frame: the test names it. */
  ownError?: boolean;
  /** The constructor refuses: an error without a close. */
  refused?: boolean;
  /** Called inside each event, when it has been recorded. */
  hook?(event: AnyEvent): unknown;
}

const letters: Record<EventType, string> = { connecting: 'c', open: 'o', message: 'm', reconnecting: 'r', close: 'x' };

/**
 * S1 as regular expressions: connections joined by `reconnecting`, then one close, then one terminal (`|` complete, `!` error). A session
 * that your code ends during a wait has its close after the `reconnecting`. A close without a terminal is for a subscriber that unsubscribed
 * inside it; for any other it is a violation, found when the task is over.
 */
const unfinished = /^(?:(?:c(?:om*)?r)*(?:c(?:om*)?)?|c(?:om*)?(?:rc(?:om*)?)*r?x)$/;
const finished = /^c(?:om*)?(?:rc(?:om*)?)*r?x[|!]$/;
const refusal = /^(?:c(?:om*)?r)*c?!$/;

interface Awaited {
  type: EventType;
  count: number;
  resolve(event: AnyEvent): void;
  reject(error: Error): void;
}

/** One subscriber of socket events: keeps its events, lets a test wait for them, and checks the laws S1 and S2. */
export class Recording {
  readonly events: AnyEvent[] = [];
  terminal: 'complete' | 'error' | null = null;
  error: unknown = undefined;
  /** Resolves with the terminal; never rejects. */
  readonly ended: Promise<void>;
  private readonly awaited = new Set<Awaited>();
  private readonly faults: string[] = [];
  private readonly subscription: Subscription;

  constructor(source: Observable<AnyEvent>, private readonly options: RecordingOptions) {
    let end = (): void => undefined;
    this.ended = new Promise((resolve) => (end = resolve));
    const finish = (terminal: 'complete' | 'error', error?: unknown): void => {
      if (this.terminal !== null) this.faults.push('a second terminal');
      this.terminal = terminal;
      this.error = error;
      for (const { type, reject } of this.awaited) reject(new Error(`the session ended without ${type}: ${this.grammar}`));
      end();
    };
    this.subscription = source.subscribe({
      next: (event) => this.receive(event),
      complete: () => finish('complete'),
      error: (error: unknown) => finish('error', error),
    });
  }

  /** The events as letters, such as `comm|`. */
  get grammar(): string {
    const terminal = this.terminal === null ? '' : this.terminal === 'complete' ? '|' : '!';
    return this.events.map(({ type }) => letters[type]).join('') + terminal;
  }

  get messages(): unknown[] {
    return this.all('message').map(({ data }) => data);
  }

  get close(): AnyCloseEvent {
    const last = this.events.at(-1);
    if (last?.type !== 'close') throw new Error(`no close: ${this.grammar}`);
    return last;
  }

  all<Type extends EventType>(type: Type): EventOf<Type>[] {
    return this.events.filter((event): event is EventOf<Type> => event.type === type);
  }

  /** The n-th event of a type, counted from 1, when it has come. */
  until<Type extends EventType>(type: Type, count = 1): Promise<EventOf<Type>> {
    const found = this.all(type)[count - 1];
    if (found) return Promise.resolve(found);
    if (this.terminal !== null) return Promise.reject(new Error(`the session ended without ${type}: ${this.grammar}`));
    return new Promise((resolve, reject) => {
      this.awaited.add({ type, count, resolve: (event) => resolve(event as EventOf<Type>), reject });
    });
  }

  unsubscribe(): void {
    this.subscription.unsubscribe();
  }

  /** Checks S1 and S2 for the events so far. */
  check(): void {
    if (this.faults.length > 0) throw new Error(`${this.faults.join(', ')}: ${this.grammar}`);
    const first = this.grammar[0];
    const joined = this.options.late === true && (first === 'o' || first === 'r') ? `c${this.grammar}` : this.grammar;
    if (this.terminal === null) {
      expect(joined).toMatch(unfinished);
      return;
    }
    if (this.options.refused === true) {
      expect(joined).toMatch(refusal);
      return;
    }
    expect(joined).toMatch(finished);
    if (this.options.ownError === true) {
      expect(this.terminal).toBe('error');
      return;
    }
    expect(this.terminal).toBe(this.close.wasClean ? 'complete' : 'error');
    if (this.terminal === 'complete') return;
    expect(this.error).toBeInstanceOf(WebSocketCloseError);
    expect((this.error as WebSocketCloseError).event).toBe(this.close);
  }

  private receive(event: AnyEvent): void {
    if (this.terminal !== null) this.faults.push(`${event.type} after the terminal`);
    this.events.push(event);
    if (event.type === 'close') {
      void Promise.resolve().then(() => {
        if (this.terminal === null && !this.subscription.closed) this.faults.push('the terminal did not come in the task of the close');
      });
    }
    for (const awaited of [...this.awaited]) {
      if (this.all(awaited.type).length < awaited.count) continue;
      this.awaited.delete(awaited);
      awaited.resolve(event);
    }
    this.options.hook?.(event);
  }
}

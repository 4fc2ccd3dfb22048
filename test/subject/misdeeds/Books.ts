import { CloseEvent } from '../../../src/index.js';
import { SocketReconnecting } from '../../../src/subject/events.js';
import type { SocketEvent, SocketStatus, SocketWarning } from '../../../src/index.js';
import { callbacks } from './callbacks.js';

/** What a callback throws when it misbehaves. */
export class Thrown extends Error {
  constructor(readonly callback: string) {
    super(`thrown by ${callback}`);
  }
}

/** What a multiplexed part sends first, and last. */
export const ask = -1;
export const unask = -2;
/** What is sent by an open event. */
export const atOnce = 'at once';

const isValue = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

/** What became of every value that `next()` took (S13), and of every error that a callback has thrown. */
export class Books {
  readonly accepted: number[] = [];
  readonly sent: number[] = [];
  readonly warnings: SocketWarning[] = [];
  /** The callbacks that have done any misdeed. */
  readonly misbehaving = new Set<string>();
  /** How many multiplexed parts a transport was asked for. */
  readonly #asked = new Map<object, number>();
  #stale = 0;
  readonly #lastSent = new Map<object, number>();
  #isInOrder = true;
  readonly #told = new Set<number>();
  readonly #thrown = new Map<unknown, string>();
  readonly #surfaced = new Set<unknown>();
  readonly #reported: unknown[] = [];

  /** A transport has taken a frame. */
  send(transport: object, data: string): void {
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      // What a serializer made of nothing.
    }
    if (isValue(value)) {
      this.sent.push(value);
      const last = this.#lastSent.get(transport) ?? -1;
      this.#isInOrder &&= value > last;
      this.#lastSent.set(transport, value);
    }
    const asked = this.#asked.get(transport) ?? 0;
    // Some subMsg answers with nonsense, which is sent all the same.
    if (!isValue(value) && value !== unask && value !== atOnce) this.#asked.set(transport, asked + 1);
    if (value === unask && asked === 0) this.#stale++;
    if (value === unask) this.#asked.set(transport, asked - 1);
  }

  threw(callback: string, error: unknown): unknown {
    this.#thrown.set(error, callback);
    return error;
  }

  warned(warning: SocketWarning): void {
    this.warnings.push(warning);
    if (warning.kind === 'dropped') this.#add(warning.values);
    else this.surfaced(warning.error);
  }

  told(event: SocketEvent<unknown> | CloseEvent): void {
    if (event instanceof SocketReconnecting) this.surfaced(event.closeEvent.cause);
    if (!(event instanceof CloseEvent)) return;
    this.surfaced(event.cause);
    this.#add(event.unsent);
  }

  status(status: SocketStatus): void {
    if (status.state !== 'closed') return;
    this.surfaced(status.closeEvent?.cause);
    this.surfaced(status.error);
  }

  /** Somebody was told of an error, or of one that it was the cause of. */
  surfaced(error: unknown): void {
    for (const one of withCauses(error)) this.#surfaced.add(one);
  }

  /** RxJS has reported an error that nobody handles. */
  reported(error: unknown): void {
    this.#reported.push(error);
  }

  /** Whether every error in it was thrown by a callback of this name, or of a name that ends so. */
  isOf(error: unknown, name: string): boolean {
    const thrown = thrownIn(error);
    if (thrown.length > 0) return thrown.every((one) => this.#thrown.get(one)?.endsWith(name));
    // RxJS stumbles over an undefined that it cannot put into words.
    return this.#thrown.get(undefined)?.endsWith(name) === true;
  }

  /** What is wrong once everything is over. */
  faults(mayBeSwallowed: (callback: string) => boolean): string[] {
    const faults: string[] = [];
    for (const error of this.#reported) {
      const thrown = thrownIn(error);
      const isReportedByRxjs = (thrown.length > 0 ? thrown : [undefined]).every((one) => callbacks[this.#thrown.get(one) ?? '']?.ofSubscriber === true);
      if (!isReportedByRxjs) faults.push(`S16: uncaught: ${String(error)}`);
    }
    const unheard = new Set([...this.#thrown].filter(([error]) => error !== undefined).map(([, name]) => name));
    for (const [error, name] of this.#thrown) if (this.#surfaced.has(error)) unheard.delete(name);
    for (const name of unheard) if (!mayBeSwallowed(name)) faults.push(`S16: nobody was told what ${name} has thrown`);
    for (const warning of this.warnings) {
      if (warning.kind === 'callback' && this.misbehaving.size === 0) faults.push(`${warning.callback} was told to have thrown: ${String(warning.error)}`);
    }
    // A serializer that ends the session has its own unsubMsg go to the next; a topic that asks for nothing counts as asked for, and is ended.
    if (this.#stale > 0 && !this.misbehaving.has('serializer') && !this.misbehaving.has('topic subscribe')) faults.push('an unsubMsg was sent on a connection that took no subMsg');
    const lost = this.accepted.filter((value) => !this.sent.includes(value) && !this.#told.has(value));
    if (lost.length > 0) faults.push(`S13: lost in silence: ${lost.join()}`);
    const both = this.sent.filter((value) => this.#told.has(value));
    if (both.length > 0) faults.push(`S13: sent, and told as unsent: ${both.join()}`);
    // A serializer that sends is done with what it sends before what it was asked for.
    if (!this.#isInOrder && !this.misbehaving.has('serializer')) faults.push(`S12: sent out of order: ${this.sent.join()}`);
    if (new Set(this.sent).size !== this.sent.length) faults.push(`S13: sent twice: ${this.sent.join()}`);
    return faults;
  }

  #add(values: readonly unknown[]): void {
    for (const value of values) if (isValue(value)) this.#told.add(value);
  }
}

const thrownIn = (error: unknown): unknown[] => withCauses(error).filter((one) => one instanceof Thrown);

/** An error, its causes, and, of an error that stands for several, all of them. */
function withCauses(error: unknown): unknown[] {
  const found: unknown[] = [error];
  if (error instanceof Error) {
    const { cause, errors, event } = error as { cause?: unknown; errors?: unknown[]; event?: { cause?: unknown } };
    for (const one of [cause, event?.cause, ...(errors ?? [])]) if (one !== undefined || errors?.includes(one)) found.push(...withCauses(one));
  }
  return found;
}

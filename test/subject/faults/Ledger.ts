import { CloseEvent } from '../../../src/index.js';
import { SocketReconnecting } from '../../../src/session/events.js';
import type { SocketEvent, SocketStatus, SocketWarning } from '../../../src/index.js';
import { callbacks } from './callbacks.js';

/** An error that was injected into a callback. */
export class InjectedError extends Error {
  constructor(readonly callback: string) {
    super(`thrown by ${callback}`);
  }
}

/** The messages that a multiplexed stream or a topic sends when it begins and ends. */
export const subscribeRequest = -1;
export const unsubscribeRequest = -2;
/** The value that `send()` of an open event sends. */
export const sentByEvent = 'sent by the event';

const isValue = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

/** Accounts for every value that `next()` accepted (S13), and for every error that was injected into a callback (S16). */
export class Ledger {
  readonly accepted: number[] = [];
  readonly sent: number[] = [];
  readonly warnings: SocketWarning[] = [];
  /** The callbacks that had a fault. */
  readonly faulty = new Set<string>();
  /** How many subscriptions a transport has sent a request for. */
  readonly #requested = new Map<object, number>();
  #stale = 0;
  readonly #lastSent = new Map<object, number>();
  #isInOrder = true;
  readonly #unsent = new Set<number>();
  readonly #thrown = new Map<unknown, string>();
  readonly #reported = new Set<unknown>();
  readonly #unhandled: unknown[] = [];

  /** A transport has taken a frame. */
  send(transport: object, data: string): void {
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      // A faulty serializer made it.
    }
    if (isValue(value)) {
      this.sent.push(value);
      const last = this.#lastSent.get(transport) ?? -1;
      this.#isInOrder &&= value > last;
      this.#lastSent.set(transport, value);
    }
    const requested = this.#requested.get(transport) ?? 0;
    // A faulty subMsg returns another value, which is sent all the same.
    if (!isValue(value) && value !== unsubscribeRequest && value !== sentByEvent) this.#requested.set(transport, requested + 1);
    if (value === unsubscribeRequest && requested === 0) this.#stale++;
    if (value === unsubscribeRequest) this.#requested.set(transport, requested - 1);
  }

  threw(callback: string, error: unknown): unknown {
    this.#thrown.set(error, callback);
    return error;
  }

  warned(warning: SocketWarning): void {
    this.warnings.push(warning);
    // Not the messages that a loop was too slow to take.
    if (warning.kind === 'dropped' && !warning.why.startsWith('a slow consumer')) this.#add(warning.values);
    else if ('error' in warning) this.reported(warning.error);
  }

  received(event: SocketEvent<unknown> | CloseEvent): void {
    if (event instanceof SocketReconnecting) this.reported(event.closeEvent.cause);
    if (!(event instanceof CloseEvent)) return;
    this.reported(event.cause);
    this.#add(event.unsent);
  }

  status(status: SocketStatus): void {
    if (status.state !== 'closed') return;
    this.reported(status.closeEvent?.cause);
    this.reported(status.error);
  }

  /** Your code received an error, or one that it was the cause of. */
  reported(error: unknown): void {
    for (const one of withCauses(error)) this.#reported.add(one);
  }

  /** RxJS has reported an unhandled error. */
  unhandled(error: unknown): void {
    this.#unhandled.push(error);
  }

  /** Whether every error in it was injected into a callback of this name, or of a name that ends with it. */
  isOf(error: unknown, name: string): boolean {
    const thrown = thrownIn(error);
    if (thrown.length > 0) return thrown.every((one) => this.#thrown.get(one)?.endsWith(name));
    // RxJS throws an error of its own where it cannot format an undefined.
    return this.#thrown.get(undefined)?.endsWith(name) === true;
  }

  /** Returns what went against the laws, once all is over. */
  violations(mayBeUnreported: (callback: string) => boolean): string[] {
    const violations: string[] = [];
    for (const error of this.#unhandled) {
      const thrown = thrownIn(error);
      const isReportedByRxjs = (thrown.length > 0 ? thrown : [undefined]).every((one) => callbacks[this.#thrown.get(one) ?? '']?.isOfSubscriber === true);
      if (!isReportedByRxjs) violations.push(`S16: uncaught: ${String(error)}`);
    }
    const unreported = new Set([...this.#thrown].filter(([error]) => error !== undefined).map(([, callback]) => callback));
    for (const [error, callback] of this.#thrown) if (this.#reported.has(error)) unreported.delete(callback);
    for (const callback of unreported) if (!mayBeUnreported(callback)) violations.push(`S16: what ${callback} threw was not reported`);
    for (const warning of this.warnings) {
      if (warning.kind === 'callback' && this.faulty.size === 0) violations.push(`a warning without a fault: ${warning.callback}: ${String(warning.error)}`);
    }
    // A serializer that ends the session sends its own unsubMsg to the next one; a topic whose request is undefined counts as requested, and is ended.
    const mayBeStale = this.faulty.has('serializer') || this.faulty.has('topic subscribe');
    if (this.#stale > 0 && !mayBeStale) violations.push('an unsubMsg was sent on a connection that took no subMsg');
    const lost = this.accepted.filter((value) => !this.sent.includes(value) && !this.#unsent.has(value));
    if (lost.length > 0) violations.push(`S13: lost in silence: ${lost.join()}`);
    const both = this.sent.filter((value) => this.#unsent.has(value));
    if (both.length > 0) violations.push(`S13: sent, and reported as unsent: ${both.join()}`);
    // A serializer or a transport that calls next() within next() sends the inner value first.
    const mayBeNested = this.faulty.has('serializer') || this.faulty.has('transport.send');
    if (!this.#isInOrder && !mayBeNested) violations.push(`S12: sent out of order: ${this.sent.join()}`);
    if (new Set(this.sent).size !== this.sent.length) violations.push(`S13: sent twice: ${this.sent.join()}`);
    return violations;
  }

  #add(values: readonly unknown[]): void {
    for (const value of values) if (isValue(value)) this.#unsent.add(value);
  }
}

const thrownIn = (error: unknown): unknown[] => withCauses(error).filter((one) => one instanceof InjectedError);

/** Returns an error, its causes, and the errors of an aggregate. */
function withCauses(error: unknown): unknown[] {
  const found: unknown[] = [error];
  if (error instanceof Error) {
    const { cause, errors, event } = error as { cause?: unknown; errors?: unknown[]; event?: { cause?: unknown } };
    for (const one of [cause, event?.cause, ...(errors ?? [])]) if (one !== undefined || errors?.includes(one)) found.push(...withCauses(one));
  }
  return found;
}

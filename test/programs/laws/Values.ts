import type { CloseEvent, SocketEvent, SocketStatus, SocketWarning } from '../../../src/index.js';
import { callbacks } from '../callbacks.js';

/** Limits of the outbox. */
export interface OutboxLimits {
  readonly maxValues: number;
  readonly overflow: 'drop-newest' | 'drop-oldest' | 'throw';
  /** Whether others than values wait, too. */
  readonly mayHaveRequests: boolean;
}

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

/** The laws of values and errors: S12, S13, S15, and S16, which wants every error reported that was injected into a callback. */
export class Values {
  readonly violations: string[] = [];
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
  readonly #limits: OutboxLimits;
  /** The values that wait for the present session, or for the next one, and those of sessions that are ending. */
  #outbox = new Set<number>();
  #ending: Set<number>[] = [];
  /** Values that the outbox had no room for. */
  readonly #dropped = new Set<number>();
  #overflows = 0;
  /** Promises of `send()` that are pending. */
  #pending = 0;
  readonly #thrown = new Map<unknown, string>();
  readonly #reported = new Set<unknown>();
  readonly #unhandled: unknown[] = [];

  constructor(limits: OutboxLimits) {
    this.#limits = limits;
  }

  /** `next()` has returned, or `throws` that the outbox is full: S15 says which value is lost. */
  next(value: number, throws: boolean): void {
    const { maxValues, overflow } = this.#limits;
    const isFull = this.#outbox.size >= maxValues;
    if (throws && !(isFull && overflow === 'throw')) this.#violate(`S15: next() threw with ${this.#outbox.size} of ${maxValues} values waiting`);
    if (throws) return;
    this.accepted.push(value);
    if (this.sent.includes(value) || this.#unsent.has(value)) return;
    const [oldest] = this.#outbox;
    if (isFull && overflow === 'throw') this.#violate(`S15: the outbox took a value more than ${maxValues}`);
    const lost = isFull && overflow !== 'throw' ? (overflow === 'drop-oldest' ? oldest : value) : undefined;
    this.#outbox.add(value);
    if (lost === undefined) return;
    this.#outbox.delete(lost);
    this.#dropped.add(lost);
  }

  /** `send()` was called, and its promise has not settled. */
  promised(value: number, result: Promise<void>): void {
    const { maxValues, overflow } = this.#limits;
    this.next(value, overflow === 'throw' && this.#outbox.size >= maxValues);
    this.#pending++;
    result.then(() => {
      if (!this.sent.includes(value)) this.#violate(`S13: the promise of ${value} has resolved, and no transport has taken it`);
    }, () => this.#add([value])).finally(() => this.#pending--);
  }

  /** An end by your code has begun: later values belong to the next session. */
  endBegan(): void {
    this.#ending.push(this.#outbox);
    this.#outbox = new Set();
  }

  /** Checks what the status says, between steps. */
  atRest(queued: number): void {
    const waiting = [this.#outbox, ...this.#ending].reduce((sum, { size }) => sum + size, 0);
    // Those that an end has taken away are reported with its close. Requests of `multiplex` wait, too.
    if ((queued > waiting && !this.#limits.mayHaveRequests) || queued < this.#outbox.size) this.#violate(`S13: ${waiting} values wait, and the status says ${queued}`);
  }

  /** What is said of single values holds while each callback only does its own work: others can call next() anywhere. */
  #violate(violation: string): void {
    if (this.faulty.size === 0) this.violations.push(violation);
  }

  /** A transport has taken a frame; `isWorkPending` says whether the outbox must wait. */
  send(transport: object, data: string, isWorkPending: boolean): void {
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      // A faulty serializer made it.
    }
    if (isValue(value)) {
      if (this.#dropped.has(value)) this.#violate(`S15: ${value} was sent, and had no room`);
      if (isWorkPending) this.#violate(`S12: ${value} was sent before the work of waitUntil was done`);
      this.#forget(value);
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
    if (warning.kind === 'dropped' && warning.why.startsWith('outbox full')) this.#overflows += warning.count;
    else if (warning.kind === 'dropped' && !warning.why.startsWith('a slow consumer')) this.#add(warning.values);
    else if ('error' in warning) this.reported(warning.error);
  }

  received(event: SocketEvent<unknown>): void {
    if (event.type === 'reconnecting') this.reported(event.closeEvent.cause);
    if (event.type === 'close') this.closed(event);
  }

  closed(event: CloseEvent): void {
    this.reported(event.cause);
    // Those that were given to next() since belong to the next session (S7).
    for (const value of event.unsent) if (isValue(value) && this.#outbox.has(value)) this.#violate(`S7: ${value} was given to next() after the end, which calls it unsent`);
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
  atEnd(mayBeUnreported: (callback: string) => boolean): void {
    const { violations } = this;
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
    if (lost.length > this.#overflows) violations.push(`S13: lost in silence: ${lost.filter((value) => !this.#dropped.has(value)).join()}`);
    if (this.#overflows !== this.#dropped.size) this.#violate(`S15: ${this.#dropped.size} values had no room, and the warnings count ${this.#overflows}`);
    if (this.#pending > 0) violations.push(`S13: ${this.#pending} promises of send() never settle`);
    const both = this.sent.filter((value) => this.#unsent.has(value));
    if (both.length > 0) violations.push(`S13: sent, and reported as unsent: ${both.join()}`);
    // A serializer or a transport that calls next() within next() sends the inner value first.
    const mayBeNested = this.faulty.has('serializer') || this.faulty.has('transport.send');
    if (!this.#isInOrder && !mayBeNested) violations.push(`S12: sent out of order: ${this.sent.join()}`);
    if (new Set(this.sent).size !== this.sent.length) violations.push(`S13: sent twice: ${this.sent.join()}`);
  }

  #add(values: readonly unknown[]): void {
    for (const value of values.filter(isValue)) {
      if (!this.#dropped.has(value) || this.faulty.size > 0) this.#unsent.add(value);
      this.#forget(value);
    }
  }

  #forget(value: number): void {
    for (const waiting of [this.#outbox, ...this.#ending]) waiting.delete(value);
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

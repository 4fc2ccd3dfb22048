import { Observable } from 'rxjs';
import type { Variant } from './callbacks.js';

type Call = <T>(callback: string, work: () => T) => T;

/** Results of your functions: values, promises and observables, which have callbacks of their own. */
export class Results {
  /** While the subject is put together a promise is only listened to so that its rejection does not count as unhandled. */
  isArmed = false;
  readonly #kind: Variant['results'];
  readonly #call: Call;
  readonly #pending = new Map<string, Set<() => void>>();
  readonly #listeners = new Map<string, Set<(value: unknown) => void>>();

  constructor(kind: Variant['results'], call: Call) {
    this.#kind = kind;
    this.#call = call;
  }

  /** Functions that settle the pending results of a name. */
  pending(name: string): (() => void)[] {
    return [...(this.#pending.get(name) ?? [])];
  }

  /** Functions that emit on the streams of a name. */
  listeners(name: string): ((value: unknown) => void)[] {
    return [...(this.#listeners.get(name) ?? [])];
  }

  /** Returns the value itself, or a promise or an observable of it, which is pending until the simulation settles it. */
  single<T>(name: string, value: T, kind = this.#kind): unknown {
    const pending = this.#pending.get(name) ?? new Set();
    this.#pending.set(name, pending);
    if (kind === 'value') return value;
    const settled = (): T => this.#call(`${name} settling`, () => value);
    if (kind === 'promise') {
      const then = (resolved: (value: T) => unknown, rejected: (error: unknown) => unknown): Promise<unknown> => {
        const promise = new Promise<void>((resolve) => void pending.add(resolve)).then(settled);
        return promise.then(resolved, rejected);
      };
      return { then: (...args: Parameters<typeof then>) => (this.isArmed ? this.#call(`${name}.then`, () => then(...args)) : Promise.resolve()) };
    }
    return new Observable<T>((subscriber) => this.#call(`${name}.subscribe`, () => {
      const settle = (): void => {
        pending.delete(settle);
        try {
          subscriber.next(settled());
        } catch (error) {
          subscriber.error(error);
        }
        subscriber.complete();
      };
      pending.add(settle);
      return () => {
        pending.delete(settle);
        this.#call(`${name}.teardown`, () => undefined);
      };
    }));
  }

  /** Returns an observable that emits as often as the simulation wants. */
  stream<T>(name: string): Observable<T> {
    const listeners = new Set<(value: unknown) => void>();
    this.#listeners.set(name, listeners);
    return new Observable<T>((subscriber) => this.#call(`${name}.subscribe`, () => {
      const emit = (value: unknown): void => {
        try {
          subscriber.next(this.#call(`${name} settling`, () => value as T));
        } catch (error) {
          subscriber.error(error);
        }
      };
      listeners.add(emit);
      return () => {
        listeners.delete(emit);
        this.#call(`${name}.teardown`, () => undefined);
      };
    }));
  }
}

import { Observable } from 'rxjs';
import type { Flavour } from './callbacks.js';

type Call = <T>(callback: string, honest: () => T) => T;

/** What functions of the program answer: values, promises and observables, in which there are callbacks of their own. */
export class Answers {
  /** Before, while the program is put together, a promise is only listened to for it not to count as unhandled. */
  isListenedTo = false;
  readonly #how: Flavour['answers'];
  readonly #call: Call;
  readonly #pending = new Map<string, Set<() => void>>();
  readonly #listeners = new Map<string, Set<(value: unknown) => void>>();

  constructor(how: Flavour['answers'], call: Call) {
    this.#how = how;
    this.#call = call;
  }

  /** What answers are waited for, each as what gives it. */
  pending(name: string): (() => void)[] {
    return [...(this.#pending.get(name) ?? [])];
  }

  /** Who listens to something that tells again and again. */
  listeners(name: string): ((value: unknown) => void)[] {
    return [...(this.#listeners.get(name) ?? [])];
  }

  /** The value itself, or a promise or an observable, whose answer is pending until somebody gives it. */
  give<T>(name: string, value: T, how = this.#how): unknown {
    const pending = this.#pending.get(name) ?? new Set();
    this.#pending.set(name, pending);
    if (how === 'value') return value;
    const answering = (): T => this.#call(`${name} answering`, () => value);
    if (how === 'promise') {
      const then = (found: (value: T) => unknown, failed: (error: unknown) => unknown): Promise<unknown> => {
        const answered = new Promise<void>((answer) => void pending.add(answer)).then(answering);
        return answered.then(found, failed);
      };
      return { then: (...args: Parameters<typeof then>) => (this.isListenedTo ? this.#call(`${name}.then`, () => then(...args)) : Promise.resolve()) };
    }
    return new Observable<T>((subscriber) => this.#call(`${name}.subscribe`, () => {
      const answer = (): void => {
        try {
          subscriber.next(answering());
        } catch (error) {
          subscriber.error(error);
        }
        subscriber.complete();
      };
      pending.add(answer);
      return () => {
        pending.delete(answer);
        this.#call(`${name}.teardown`, () => undefined);
      };
    }));
  }

  /** An observable that tells what its listeners are given, as long as there are any. */
  repeat<T>(name: string): Observable<T> {
    const listeners = new Set<(value: unknown) => void>();
    this.#listeners.set(name, listeners);
    return new Observable<T>((subscriber) => this.#call(`${name}.subscribe`, () => {
      const tell = (value: unknown): void => {
        try {
          subscriber.next(this.#call(`${name} answering`, () => value as T));
        } catch (error) {
          subscriber.error(error);
        }
      };
      listeners.add(tell);
      return () => {
        listeners.delete(tell);
        this.#call(`${name}.teardown`, () => undefined);
      };
    }));
  }
}

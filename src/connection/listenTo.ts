import { from, isObservable, Observable, Subscription, type Subscriber } from 'rxjs';
import { isFunction } from '../config/checkArguments.js';
import type { ObservableLike } from '../config/ObservableLike.js';

/** Receives the values and the end of a source. */
interface Listener<T> {
  next?(value: T): void;
  error(error: unknown): void;
  complete?(): void;
}

/** Of the platform or of another library. */
type Subscribable = Exclude<Extract<ObservableLike<unknown>, { subscribe: unknown }>, Observable<unknown>>;

/** Returns an Observable of any kind as one of RxJS; `undefined` for anything else. */
function toObservable(given: unknown): Observable<unknown> | undefined {
  const value = (given ?? {}) as Partial<Record<symbol | '@@observable', () => unknown>>;
  // RxJS knows only one of the keys: the one that was there when RxJS was loaded.
  const source = value[Symbol.observable]?.() ?? value['@@observable']?.() ?? value;
  if (isObservable(source)) return source;
  if (!isFunction((source as Partial<Subscribable>).subscribe)) return undefined;
  return new Observable((subscriber) => {
    const controller = new AbortController();
    subscriber.add(() => controller.abort());
    // The platform calls them without `this`.
    const observer = {
      next: (value: unknown) => subscriber.next(value),
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    };
    // The controller serves as the options: the platform reads its `signal`. Other libraries return what to unsubscribe.
    return (source as Subscribable).subscribe(observer, controller) as Subscription | undefined;
  });
}

/** @internal Returns whether a value is an Observable of any kind. */
export const isObservableLike = (value: unknown): value is ObservableLike<unknown> => toObservable(value) !== undefined;

/** @internal Returns a promise, or an Observable of any kind, as an Observable of RxJS; throws a `TypeError` for anything that RxJS does not accept. */
export const observe = <T>(given: PromiseLike<T> | ObservableLike<T>): Observable<T> => (toObservable(given) ?? from(given as PromiseLike<T>)) as Observable<T>;

/**
 * Listens to a promise or an observable of yours, of any kind, until it ends or the returned subscription is closed; with `'once'` until its first value.
 * Its teardown is your code too: an error that it throws is passed to `threw`, and changes nothing else (S16).
 *
 * @internal
 */
export function listenTo<T>(given: PromiseLike<T> | ObservableLike<T>, listener: Listener<T>, threw: (error: unknown) => void, once?: 'once'): Subscription {
  const source = observe(given);
  const catchAndWarn = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      threw(error);
    }
  };
  let listening: Subscriber<T> | undefined;
  const subscription = new Subscription(() => catchAndWarn(() => listening?.unsubscribe()));
  let isOver = false;
  const end = (notify: () => void): void => {
    if (!isOver) {
      isOver = true;
      notify();
    }
    // Also if the source ends within `notify`, or an error of its teardown would reach the source.
    subscription.unsubscribe();
  };
  catchAndWarn(() => {
    // The subscriber is known before the first value, so that a value that comes at once can be the last.
    new Observable<T>((subscriber) => {
      listening = subscriber;
      return source.subscribe(subscriber);
    }).subscribe({
      next: (value) => {
        if (once) end(() => listener.next?.(value));
        else listener.next?.(value);
      },
      error: (error: unknown) => end(() => listener.error(error)),
      complete: () => end(() => listener.complete?.()),
    });
  });
  return subscription;
}

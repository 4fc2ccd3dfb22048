import { from, Observable, Subscription, type ObservableInput, type Subscriber } from 'rxjs';

/** What is called with the values and the end of a source. */
interface Listener<T> {
  next?(value: T): void;
  error(error: unknown): void;
  complete?(): void;
}

/**
 * Listens to a promise or an observable of yours until it ends or the returned subscription is closed; with `'once'` until its first value. Its
 * teardown is your code too: what that throws is passed to `threw`, and changes nothing else (S16).
 *
 * @internal
 */
export function listenTo<T>(given: ObservableInput<T>, listener: Listener<T>, threw: (error: unknown) => void, once?: 'once'): Subscription {
  const source = from(given);
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
    // Also where the source ends within `notify`, or what its teardown throws would reach the source.
    subscription.unsubscribe();
  };
  catchAndWarn(() => {
    // The subscriber is known before the first value, so that a value that comes at once can be the last.
    new Observable<T>((subscriber) => {
      listening = subscriber;
      return source.subscribe(subscriber);
    }).subscribe({
      next: (value) => {
        if (once === undefined) listener.next?.(value);
        else end(() => listener.next?.(value));
      },
      error: (error: unknown) => end(() => listener.error(error)),
      complete: () => end(() => listener.complete?.()),
    });
  });
  return subscription;
}

import { from, Observable, Subscription, type ObservableInput, type Subscriber } from 'rxjs';

/** What listening to something of the program's tells. */
interface Listener<T> {
  next?(value: T): void;
  error(error: unknown): void;
  complete?(): void;
}

/**
 * Listens to a promise or an observable of the program until it ends or the returned subscription is closed; `'once'` until its first value. Its teardown
 * is code of the program too: what that throws is told to `threw`, and keeps nobody from going on (S16).
 */
export function listenTo<T>(given: ObservableInput<T>, listener: Listener<T>, threw: (error: unknown) => void, once?: 'once'): Subscription {
  const source = from(given);
  const survive = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      threw(error);
    }
  };
  let listening: Subscriber<T> | undefined;
  const subscription = new Subscription(() => survive(() => listening?.unsubscribe()));
  let isOver = false;
  const end = (tell: () => void): void => {
    if (isOver) return;
    isOver = true;
    tell();
    subscription.unsubscribe();
  };
  survive(() => {
    // The subscriber is known before the first value, so that one that comes at once can be the last.
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

import type { Observable } from 'rxjs';
import { readable, type Readable } from 'svelte/store';

/** A store that subscribes while it has subscribers: `$prices` in a component does. */
export const storeOf = <T>(source: Observable<T>, initial: T): Readable<T> =>
  readable(initial, (set) => {
    const subscription = source.subscribe(set);
    return () => subscription.unsubscribe();
  });

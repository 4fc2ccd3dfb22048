import type { Observable } from 'rxjs';
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** Subscribes for as long as the component lives, or the effect scope. On a server, call it in `onMounted`. */
export function useObservable<T>(source: Observable<T>, initial: T): Readonly<ShallowRef<T>> {
  const present = shallowRef(initial);
  const subscription = source.subscribe({
    next: (value) => (present.value = value),
    error: () => undefined, // the status shows it
  });
  onScopeDispose(() => subscription.unsubscribe());
  return present;
}

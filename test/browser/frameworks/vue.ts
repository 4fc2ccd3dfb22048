import type { Observable } from 'rxjs';
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** Subscribes for as long as the component or the effect scope lives. On a server it does not subscribe, and the ref keeps the initial value. */
export function useObservable<T>(source: Observable<T>, initial: T): Readonly<ShallowRef<T>> {
  const present = shallowRef(initial);
  if (typeof document === 'undefined') return present;
  const subscription = source.subscribe((value) => (present.value = value));
  onScopeDispose(() => subscription.unsubscribe());
  return present;
}

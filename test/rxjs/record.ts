import type { Observable, Subscription } from 'rxjs';

/** Subscribes, and logs each notification: `next 1`, `complete`, `error Error: oops`. */
export function record(source: Observable<unknown>): { log: string[]; subscription: Subscription } {
  const log: string[] = [];
  const subscription = source.subscribe({
    next: (value) => log.push(`next ${JSON.stringify(value)}`),
    complete: () => log.push('complete'),
    error: (error: unknown) => log.push(`error ${String(error)}`),
  });
  return { log, subscription };
}

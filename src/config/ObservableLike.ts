import type { Observable } from 'rxjs';

/**
 * An Observable of RxJS, of the platform (`element.when('click')`), or of another library (with `Symbol.observable` or `'@@observable'`).
 *
 * Source: WICG Observable, the `Observable` interface.
 *
 * @example
 * ```ts
 * import { suspendWhile, type ObservableLike } from 'websocket-subject';
 *
 * declare const isAway: ObservableLike<boolean>; // of any kind
 * const operator = suspendWhile<string, string>(isAway);
 * ```
 */
export type ObservableLike<T> =
  | Observable<T>
  | { subscribe(observer: { next(value: T): void; error(error: unknown): void; complete(): void }, options: { readonly signal: AbortSignal }): unknown }
  | { [Symbol.observable](): ObservableLike<T> }
  | { '@@observable'(): ObservableLike<T> };

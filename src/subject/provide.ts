import { isObservable, Subscription } from 'rxjs';
import type { ConnectionContext, Provided } from './config.js';
import { listenTo } from './listenTo.js';

/**
 * Asks for a value that the program provides: at once when it is there, else when the promise or the observable gives it. Exactly one of
 * `found` and `failed` is called, and none after the returned subscription was closed; `threw` is told what a teardown throws.
 */
export function provide<Value>(
  provided: Provided<Value>,
  context: ConnectionContext,
  found: (value: Value) => void,
  failed: (cause: unknown) => void,
  threw: (error: unknown) => void,
): Subscription {
  if (typeof provided !== 'function') {
    found(provided);
    return Subscription.EMPTY;
  }
  const ask = provided as (context: ConnectionContext) => Value | PromiseLike<Value>;
  let answer;
  try {
    answer = ask(context);
  } catch (cause) {
    failed(cause);
    return Subscription.EMPTY;
  }
  if (!isObservable(answer) && !isPromiseLike(answer)) {
    found(answer as Value);
    return Subscription.EMPTY;
  }
  const ended = (): void => failed(new TypeError('The observable that was to give the URL or the subprotocol ended without a value'));
  return listenTo(answer as PromiseLike<Value>, { next: found, error: failed, complete: ended }, threw, 'once');
}

const isPromiseLike = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

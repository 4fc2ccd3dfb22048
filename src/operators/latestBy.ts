import { animationFrames, Observable, take, tap, timer, type OperatorFunction, type Subscription } from 'rxjs';
import { requireDelay, requireFunction } from '../config/checkArguments.js';

/** How often {@link latestBy} emits, and whether it emits what changed (the default) or `all` keys. */
export type LatestByPeriod =
  /** Milliseconds that a period lasts, 0 to 2147483647. */
  | { readonly every: number; readonly all?: boolean | undefined }
  /** A period lasts until the next animation frame; 16 ms if there are no frames. */
  | { readonly frame: true; readonly all?: boolean | undefined };

/**
 * Emits the latest message of each key that changed, at most once a period. Use it for a feed that is faster than your view can draw.
 *
 * A period begins with the first message after an emission, and the next emission ends it. Without messages there is no period, and no timer. An
 * emission is an array in the order in which the keys first appeared in the period. It keeps at most one message a key, and nothing from one period
 * to the next.
 *
 * With `all: true` each emission has the latest message of every key since the subscription, in the order in which the keys first appeared. It then keeps
 * one message for each key as long as it is subscribed, so do not use it with an unlimited number of keys.
 *
 * It emits the pending messages before the source completes or fails: messages that came before a connection was lost are still valid. Unsubscribing drops
 * them.
 *
 *     messages               abc---------------de----------|      a, c and e have one key, b and d another
 *     latestBy(key, 10 ms)   ----------x-----------------y-|      x: [c, b]; y: [d, e]
 *     with all: true         ----------x-----------------z-|      z: [e, d]
 *
 * In a page, `{ frame: true }` waits for `requestAnimationFrame`, which a hidden page does not call: the latest messages are emitted when the page is shown
 * again. If that function does not exist when a period begins, as in Node, the period lasts 16 ms.
 *
 * @param keyOf - returns the key of a message: anything that can be a key of a `Map`, `undefined` too. If it throws, subscribers receive the pending
 *   messages, then that error.
 * @param period - `{ every: ms }` or `{ frame: true }`, either with `all: true`
 * @throws `TypeError` when `keyOf` is not a function, or `period` is neither of the two; `RangeError` when `every` is `NaN`, negative or too long
 *
 * @example
 * ```ts
 * import { latestBy, webSocket } from 'websocket-subject';
 *
 * const socket = webSocket<{ symbol: string; price: number }>('wss://quotes.example.com');
 * socket.pipe(latestBy(({ symbol }) => symbol, { frame: true })).subscribe((quotes) => {
 *   for (const { symbol, price } of quotes) console.log(symbol, price); // each symbol once
 * });
 * ```
 */
export function latestBy<T>(keyOf: (message: T) => unknown, period: LatestByPeriod): OperatorFunction<T, T[]> {
  requireFunction('latestBy: keyOf', keyOf);
  const wait = waitOf(period);
  const { all } = period;

  return (source) =>
    new Observable((subscriber) => {
      const latest = new Map<unknown, T>();
      let waiting: Subscription | undefined;
      let isPending = false;
      const emit = (): void => {
        waiting?.unsubscribe();
        if (!isPending) return;
        isPending = false;
        const messages = [...latest.values()];
        if (!all) latest.clear();
        subscriber.next(messages);
      };
      const begin = (): void => {
        // The subscriber may have unsubscribed in `keyOf`. A mock of frames may call back at once: then `waiting` is closed.
        if (!subscriber.closed && waiting?.closed !== false) waiting = wait().subscribe(emit);
      };
      // A separate subscriber, so that a synchronous source stops when ours unsubscribes.
      const messages = new Observable<T>((inner) => {
        subscriber.add(inner);
        // S9: `unsubscribe()` of the subject gives no terminal, and pending messages must not follow it.
        inner.add(() => subscriber.unsubscribe());
        return source.subscribe(inner);
      });
      subscriber.add(() => waiting?.unsubscribe());
      const keep = (message: T): void => {
        latest.set(keyOf(message), message);
        isPending = true;
      };
      messages.pipe(tap(keep)).subscribe({
        next: begin,
        error: (error: unknown) => {
          emit();
          subscriber.error(error);
        },
        complete: () => {
          emit();
          subscriber.complete();
        },
      });
    });
}

/** Returns a function that waits for the end of a period that begins now. */
function waitOf(period: unknown): () => Observable<unknown> {
  const { every, frame } = (period ?? {}) as { every?: unknown; frame?: unknown };
  if (frame === true && every === undefined) return nextFrame;
  if (frame !== undefined || every === undefined) throw new TypeError('latestBy: period must be either { every: ms } or { frame: true }');
  const ms = requireDelay('latestBy: every', every);
  return () => timer(ms);
}

// Looked up each time: a test or a framework may give a page its frames after the operator was made.
function nextFrame(): Observable<unknown> {
  const { requestAnimationFrame } = globalThis as { requestAnimationFrame?: unknown };
  return typeof requestAnimationFrame === 'function' ? animationFrames().pipe(take(1)) : timer(16);
}

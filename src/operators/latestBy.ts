import { animationFrames, Observable, take, timer, type OperatorFunction, type Subscription } from 'rxjs';
import { requireDelay, requireFunction } from '../config/checkArguments.js';

/** How often {@link latestBy} emits. */
export type LatestByPeriod =
  | {
      /** Ms that a period lasts. */
      readonly every: number;
    }
  | {
      /** A period lasts until the next animation frame; 16 ms where there are no frames. */
      readonly frame: true;
    };

/**
 * Gathers messages by their keys and emits, at most once a period, the latest one of each key that came: what a view can draw of a feed that is faster
 * than it.
 *
 * A period begins with the first value after an emission, and at its end comes the next one; without values there is none, and no timer. An emission is an
 * array in the order in which the keys first appeared in the period; a later value of a key takes the place of its earlier one. Nothing is kept from
 * one period to the next, and of a period no more than one value a key.
 *
 * What is pending is emitted before the source's completion, and before its error: what came before a connection was lost is true all the same.
 * Unsubscribing drops it.
 *
 *     messages               abc---------------de----------|      a, c and e have one key, b and d another
 *     latestBy(key, 10 ms)   ----------x-----------------y-|      x: [c, b]; y: [d, e]
 *
 * In a page, `{ frame: true }` waits for `requestAnimationFrame`, which a hidden page does not call: the latest values are emitted when it is shown again.
 * Where there is no such function when a period begins, as in Node, the period is 16 ms.
 *
 * @param keyOf - the key of a message: anything that can be a key of a `Map`, `undefined` too. What it throws is the error of the observable, after what is
 *   pending.
 * @param period - one of the two, else a `TypeError` is thrown; a `RangeError` for an impossible time.
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
  requireFunction('latestBy(keyOf, period): keyOf', keyOf);
  const waitOne = readPeriod(period);

  return (source) =>
    new Observable((subscriber) => {
      const pending = new Map<unknown, T>();
      let waiting: Subscription | undefined;
      const emit = (): void => {
        waiting = undefined;
        const latest = [...pending.values()];
        pending.clear();
        subscriber.next(latest);
      };
      const begin = (): void => {
        // A mock of frames may call back at once, and is over by then.
        if (waiting?.closed !== false) waiting = waitOne().subscribe(emit);
      };
      const flush = (): void => {
        waiting?.unsubscribe();
        if (pending.size > 0) emit();
      };
      const fail = (error: unknown): void => {
        flush();
        subscriber.error(error);
      };
      subscriber.add(() => waiting?.unsubscribe());

      // An Observable of its own, so that what emits without a pause ends when it is left.
      const values = new Observable<T>((inner) => {
        subscriber.add(inner);
        // `unsubscribe()` of the subject gives no terminal, and what is pending must not come after it (S9).
        inner.add(() => subscriber.unsubscribe());
        return source.subscribe(inner);
      });
      values.subscribe({
        next: (value) => {
          let key: unknown;
          try {
            key = keyOf(value);
          } catch (error) {
            fail(error);
            return;
          }
          // `keyOf` may have left.
          if (subscriber.closed) return;
          pending.set(key, value);
          begin();
        },
        error: fail,
        complete: () => {
          flush();
          subscriber.complete();
        },
      });
    });
}

/** What waits for the end of a period that begins now. */
function readPeriod(period: unknown): () => Observable<unknown> {
  const { every, frame } = (period ?? {}) as { every?: unknown; frame?: unknown };
  if (every !== undefined && frame === undefined) {
    const ms = requireDelay('latestBy(keyOf, { every }): every', every);
    return () => timer(ms);
  }
  if (every === undefined && frame === true) return nextFrame;
  throw new TypeError('latestBy(keyOf, period): period must be either { every: ms } or { frame: true }');
}

// Looked up each time: a page may get its frames, from a test or a framework, after the operator was made.
function nextFrame(): Observable<unknown> {
  const { requestAnimationFrame } = globalThis as { requestAnimationFrame?: unknown };
  return typeof requestAnimationFrame === 'function' ? animationFrames().pipe(take(1)) : timer(16);
}

import { prepare } from '#transport';
import { Observable, shareReplay } from 'rxjs';
import type { SendableCloseCode } from '../close/SendableCloseCode.js';
import { validateClose } from '../close/validateClose.js';
import { isPromiseLike, requireTimeout } from '../config/checkArguments.js';
import type { ObservableLike } from '../config/ObservableLike.js';
import { listenTo, observe } from '../connection/listenTo.js';
import type { SocketOperator } from '../subject/SocketOperator.js';
import { oncePerSession } from './oncePerSession.js';
import { socketOperator } from './socketOperator.js';

/** Options of {@link closeGracefully}. */
export interface CloseGracefullyOptions<Code extends number = number> {
  /** The code of the Close: 1000 (the default), or 3000–4999. */
  readonly code?: (Code & SendableCloseCode<Code>) | undefined;
  /** Its reason, at most 123 bytes of UTF-8. Default `''`. */
  readonly reason?: string | undefined;
  /** Timeout in milliseconds for sending the outbox and for the server's answer together, and for `until`. Default: the config's `closeTimeout`. */
  readonly timeout?: number | undefined;
  /** Delays Close, after the outbox was sent, until this emits or ends: to wait for last replies. */
  readonly until?: PromiseLike<unknown> | ObservableLike<unknown> | undefined;
}

/**
 * Ends the session gracefully when `when` fires: takes no more values, sends the outbox, then Close, and delivers messages until Close is sent. During a
 * wait, or an attempt with nothing to send, it ends the session at once.
 *
 *     events                     -c-o-a--b----...
 *     when                       ------x
 *     closeGracefully(when)      -c-o-a--b-X|        b: a last message before Close was sent; X: the clean close
 *
 * @param when - an `AbortSignal`, a promise, or the first value of an observable of any kind. An observable that completes without a value never fires;
 *   an error, or a rejection, is reported on `warnings`. The operator listens from the first event until the session is over.
 * @param options - code and reason are checked at once: an `InvalidAccessError` or a `SyntaxError` is thrown as by `close()`, a `RangeError` for an
 *   impossible timeout. When `until` takes longer than `timeout`, Close is sent anyway, and the server has `timeout` once more to answer.
 *
 * @example
 * ```ts
 * import { closeGracefully, reconnectOnCode, webSocket } from 'websocket-subject';
 *
 * const leaving = new AbortController();
 * const socket = webSocket<string>('wss://quotes.example.com').pipeEvents(
 *   reconnectOnCode(),
 *   closeGracefully(leaving.signal, { code: 4000, reason: 'page left' }),
 * );
 * leaving.abort();
 * ```
 */
export function closeGracefully<In, Out, Code extends number = number>(
  when: AbortSignal | PromiseLike<unknown> | ObservableLike<unknown>,
  options: CloseGracefullyOptions<Code> = {},
): SocketOperator<In, Out> {
  const close = validateClose(options.code, options.reason);
  const timeout = requireTimeout('closeGracefully: timeout', options.timeout);
  const fired = firing(when);
  const until = options.until && lazily(options.until);

  const watched = oncePerSession<In, Out>((session) => {
    const warn = (callback: string) => (error: unknown): void => session.warn({ kind: 'callback', callback, error });
    const end = (): void => {
      if (session.isEndRequested) return;
      // Listen before the next session can begin: `until` may need the messages of this one.
      const held = { isPending: true };
      const release = (): void => {
        held.isPending = false;
        session.advanceShutdown();
      };
      const listener = { next: release, error: (error: unknown) => { warn('until')(error); release(); }, complete: release };
      if (until) session.addTeardown(listenTo(until, listener, warn('until'), 'once'));
      session.end({ ...close, drain: true, timeout, hold: until && held });
    };
    return listenTo(fired, { next: end, error: warn('when') }, warn('when'), 'once');
  });
  return socketOperator<In, Out>('closeGracefully', (source, sink, subscription) => watched(source)(sink, subscription));
}

const settling = /* @__PURE__ */ new WeakMap<object, Observable<unknown>>();

/**
 * Returns an observable of a promise. All sessions share one listener: a promise would keep each until it settles, and some are pending as long as the
 * process runs. One that rejects before the operator listens must not count as an unhandled rejection.
 */
function lazily(given: PromiseLike<unknown> | ObservableLike<unknown>): Observable<unknown> {
  if (!isPromiseLike(given)) return observe(given);
  let settled = settling.get(given);
  if (!settled) {
    given.then(undefined, () => undefined);
    settling.set(given, (settled = observe(given).pipe(shareReplay({ bufferSize: 1, refCount: false }))));
  }
  return settled;
}

/** Returns `when` as an observable whose first value counts. */
function firing(when: AbortSignal | PromiseLike<unknown> | ObservableLike<unknown>): Observable<unknown> {
  if (!('aborted' in when)) return lazily(when);
  prepare({ signal: when });
  return new Observable((subscriber) => {
    const fire = (): void => subscriber.next(undefined);
    if (when.aborted) fire();
    when.addEventListener('abort', fire);
    return () => when.removeEventListener('abort', fire);
  });
}

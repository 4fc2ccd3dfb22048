import { from, isObservable, Observable } from 'rxjs';
import type { SendableCloseCode } from '../close/SendableCloseCode.js';
import { validateClose } from '../close/validateClose.js';
import { listenTo } from '../subject/listenTo.js';
import { isTimeout, maxTimeout } from '../subject/settings.js';
import type { SocketOperator } from '../subject/SocketOperator.js';
import { socketOperator } from '../subject/source.js';
import { oncePerSession } from './oncePerSession.js';

/** Options of {@link closeGracefully}. */
export interface CloseGracefullyOptions<Code extends number = number> {
  /** The code of the Close: 1000 (the default), or 3000–4999. */
  readonly code?: (Code & SendableCloseCode<Code>) | undefined;
  /** Its reason, at most 123 bytes of UTF-8; `''`. */
  readonly reason?: string | undefined;
  /** Ms for sending the outbox and for the peer's answer together, and the longest that `until` may take; the config's `closeTimeout`. */
  readonly timeout?: number | undefined;
  /** Holds Close back, after the outbox was sent, until its first value or its end: for last replies. */
  readonly until?: PromiseLike<unknown> | Observable<unknown> | undefined;
}

/**
 * Ends the session gracefully when `when` fires: no more values are taken, the outbox is sent, messages are delivered until Close is sent, then
 * the `CloseEvent` comes. Fired during a wait or an attempt it ends the session there.
 *
 *     events                     -c-o-a--b----...
 *     when                       ------x
 *     closeGracefully(when)      -c-o-a--b-X|        b: a last message before Close was sent; X: the clean close
 *
 * @param when - an `AbortSignal`, a promise, or an observable: its first value. One that completes without a value never fires; its error, or a
 *   rejection, is told on `warnings`. It is listened to from the first event on until the session is over.
 * @param options - code and reason are checked at once: an `InvalidAccessError` or a `SyntaxError` is thrown as by `close()`, a `RangeError` for an
 *   impossible timeout. When `until` takes longer than `timeout` Close is sent all the same, and the peer has `timeout` once more to answer.
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
  when: AbortSignal | PromiseLike<unknown> | Observable<unknown>,
  options: CloseGracefullyOptions<Code> = {},
): SocketOperator<In, Out> {
  const { timeout } = options;
  const close = validateClose(options.code, options.reason);
  if (timeout !== undefined && !isTimeout(timeout)) {
    throw new RangeError(`closeGracefully: timeout must be a number of ms above 0 and up to ${maxTimeout}, not ${String(timeout)}`);
  }
  const fired = firing(when);
  const until = options.until && lazily(options.until);

  const watched = oncePerSession<In, Out>((session) => {
    const warn = (error: unknown): void => session.warn({ kind: 'callback', callback: 'when', error });
    return listenTo(fired, { next: () => session.end({ ...close, drain: true, timeout, until }), error: warn }, warn, 'once');
  });
  return socketOperator<In, Out>('closeGracefully', (source, sink, subscription) => watched(source)(sink, subscription));
}

/** A promise may fail before it is listened to, which must not count as a rejection that nobody handles. */
function lazily(promised: PromiseLike<unknown> | Observable<unknown>): Observable<unknown> {
  if ('then' in promised) promised.then(undefined, () => undefined);
  return from(promised);
}

/** Whatever `when` is, as something whose first value counts. */
function firing(when: AbortSignal | PromiseLike<unknown> | Observable<unknown>): Observable<unknown> {
  if (isObservable(when)) return when;
  if ('then' in when) return lazily(when);
  return new Observable((subscriber) => {
    const fire = (): void => subscriber.next(undefined);
    if (when.aborted) fire();
    when.addEventListener('abort', fire);
    return () => when.removeEventListener('abort', fire);
  });
}

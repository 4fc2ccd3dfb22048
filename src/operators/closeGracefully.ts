import { from, isObservable, Observable, Subscription, take } from 'rxjs';
import type { SendableCloseCode } from '../close/SendableCloseCode.js';
import { validateClose } from '../close/validateClose.js';
import { linkOf, type SessionLink } from '../subject/link.js';
import { isTimeout, maxTimeout } from '../subject/settings.js';
import type { SocketOperator } from '../subject/SocketOperator.js';
import { socketOperator } from '../subject/source.js';

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

  return (events) => {
    const watchOf = oneWatchPerSession<In, Out>((session) =>
      fired.subscribe({
        next: () => session.end({ ...close, drain: true, timeout, until }),
        error: (error: unknown) => session.warn({ kind: 'callback', callback: 'when', error }),
      }),
    );
    const operator = socketOperator<In, Out>('closeGracefully', (source, sink, subscription) => {
      let watched: SessionLink<In, Out> | undefined;
      let watch: Watch | undefined;
      let hasClosed = false;
      subscription.add(() => watch?.leave(hasClosed));
      const follow = (session: SessionLink<In, Out>): void => {
        watch?.leave(true);
        watched = session;
        watch = watchOf(session);
      };
      source(
        {
          event: (event) => {
            hasClosed = event.type === 'close';
            sink.event(event);
            const session = linkOf<In, Out>(event);
            // Behind RxJS's `retry` one session follows another.
            if (session !== undefined && session !== watched && !hasClosed && !subscription.closed) follow(session);
          },
          message: (data) => sink.message(data),
          complete: () => sink.complete(),
          error: (error) => sink.error(error),
        },
        subscription,
      );
    });
    return operator(events);
  };
}

/** A promise may fail before it is listened to, which must not count as a rejection that nobody handles. */
function lazily(promised: PromiseLike<unknown> | Observable<unknown>): Observable<unknown> {
  if ('then' in promised) promised.then(undefined, () => undefined);
  return from(promised);
}

/** The first value of whatever `when` is; nothing when it ends without one. */
function firing(when: AbortSignal | PromiseLike<unknown> | Observable<unknown>): Observable<unknown> {
  if (isObservable(when)) return when.pipe(take(1));
  if ('then' in when) return lazily(when);
  return new Observable((subscriber) => {
    const fire = (): void => subscriber.next(undefined);
    if (when.aborted) fire();
    when.addEventListener('abort', fire);
    return () => when.removeEventListener('abort', fire);
  });
}

interface Watch {
  /** `hasClosed`: the connection has ended, so that the session may be waiting, which must still be watched. */
  leave(hasClosed: boolean): void;
}

/**
 * Listens once a session, however often the operator is subscribed meanwhile: on the inner side of `reconnectOnCode` that is once a connection, and
 * not at all during a wait, which `when` must end too. It goes on until the session is over or whoever was subscribed has left an open one.
 */
function oneWatchPerSession<In, Out>(listen: (session: SessionLink<In, Out>) => Subscription) {
  const watches = new WeakMap<SessionLink<In, Out>, { users: number; listening: Subscription }>();
  return (session: SessionLink<In, Out>): Watch => {
    let watch = watches.get(session);
    if (watch === undefined) {
      const listening = new Subscription();
      watch = { users: 0, listening };
      watches.set(session, watch);
      session.keep(listening);
      listening.add(listen(session));
    }
    const joined = watch;
    joined.users++;
    return {
      leave: (hasClosed) => {
        joined.users--;
        if (joined.users > 0 || hasClosed) return;
        watches.delete(session);
        joined.listening.unsubscribe();
      },
    };
  };
}

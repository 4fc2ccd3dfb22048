import { distinctUntilChanged, isObservable, map, Subscription, type Observable } from 'rxjs';
import type { SendableCloseCode } from '../close/SendableCloseCode.js';
import { showValue } from '../close/showValue.js';
import { validateClose } from '../close/validateClose.js';
import { listenTo } from '../subject/listenTo.js';
import type { SocketOperator } from '../subject/SocketOperator.js';
import { socketOperator, type Source } from '../subject/source.js';
import { connectAgain } from './connectAgain.js';
import { oncePerSession } from './oncePerSession.js';
import { replacementOf } from './retryDecider.js';

/** Options of {@link suspendWhile}. */
export interface SuspendWhileOptions<Code extends number = number> {
  /** The code of the Close: 1000 (the default), or 3000–4999. */
  readonly code?: (Code & SendableCloseCode<Code>) | undefined;
  /** Its reason, at most 123 bytes of UTF-8; `''`. */
  readonly reason?: string | undefined;
}

/**
 * Keeps the connection closed while a signal is true, and makes a new one when it is false again: for a page that nobody looks at, or a user who is
 * away.
 *
 * Subscribers see no end, the outbox is kept, and the status says `waiting`, `why: 'suspended'`. A retry whose time comes meanwhile is made
 * afterwards. An end by the program is final all the same. It goes after `reconnectOnCode`. Faces of the subject without an operator that reconnects
 * end with the Close that was sent.
 *
 *     events                 -c-o-m-----X|            X: the clean close, sent by us
 *     signal                 -f------t-----f
 *     suspendWhile(signal)   -c-o-m-----r--c-o-...    r: `reconnecting`, with a delay of Infinity
 *
 * @param signal - tells whether to suspend; until its first value it does not. After its completion its last value stands; its error is told on
 *   `warnings` and counts as false. It is listened to from the first event until the session is over: one that is true by then ends the attempt before
 *   anything is sent. Something else than an `Observable` throws a `TypeError`.
 * @param options - code and reason are checked at once: an `InvalidAccessError` or a `SyntaxError` is thrown as by `close()`.
 *
 * @example
 * ```ts
 * import { fromEvent, map, startWith } from 'rxjs';
 * import { reconnectOnCode, suspendWhile, webSocket } from 'websocket-subject';
 *
 * const isHidden = fromEvent(document, 'visibilitychange').pipe(
 *   startWith(null),
 *   map(() => document.hidden),
 * );
 * const socket = webSocket<string>('wss://quotes.example.com').pipeEvents(
 *   reconnectOnCode(),
 *   suspendWhile(isHidden, { code: 4000, reason: 'nobody looks' }),
 * );
 * ```
 */
export function suspendWhile<In, Out, Code extends number = number>(
  signal: Observable<boolean>,
  options: SuspendWhileOptions<Code> = {},
): SocketOperator<In, Out> {
  if (!isObservable(signal)) throw new TypeError(`suspendWhile: signal must be an Observable, not ${showValue(signal)}`);
  const close = validateClose(options.code, options.reason);
  const isSuspended = signal.pipe(map(Boolean), distinctUntilChanged());

  const watched = oncePerSession<In, Out>((session) => {
    const watching = new Subscription();
    let suspension = Subscription.EMPTY;
    const warn = (error: unknown): void => session.warn({ kind: 'callback', callback: 'suspendWhile', error });
    const next = (suspend: boolean): void => {
      if (!suspend) {
        suspension.unsubscribe();
        return;
      }
      // In this order: what the close causes may change the signal again.
      suspension = session.waits.suspend('suspended', watching);
      session.leave(close);
    };
    const error = (thrown: unknown): void => {
      warn(thrown);
      suspension.unsubscribe();
    };
    // Completing does not lift what the last value has said; leaving does.
    watching.add(listenTo(isSuspended, { next, error }, warn));
    return watching;
  });

  return socketOperator<In, Out>('suspendWhile', (source, sink, subscription) => {
    const goingOn: Source<In, Out> = (inner, whole) => connectAgain(source, replacementOf, inner, whole);
    watched(goingOn)(sink, subscription);
  });
}

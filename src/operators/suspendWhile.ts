import { Subscription } from 'rxjs';
import type { SendableCloseCode } from '../close/SendableCloseCode.js';
import { showValue } from '../close/showValue.js';
import { validateClose } from '../close/validateClose.js';
import type { ObservableLike } from '../config/ObservableLike.js';
import { isObservableLike, listenTo } from '../connection/listenTo.js';
import { waitsOf } from '../session/Waits.js';
import type { SocketOperator } from '../subject/SocketOperator.js';
import { oncePerSession } from './oncePerSession.js';
import { socketOperator } from './socketOperator.js';

/** Options of {@link suspendWhile}. */
export interface SuspendWhileOptions<Code extends number = number> {
  /** The code of the Close: 1000 (the default), or 3000–4999. */
  readonly code?: (Code & SendableCloseCode<Code>) | undefined;
  /** Its reason, at most 123 bytes of UTF-8. Default `''`. */
  readonly reason?: string | undefined;
}

/**
 * Keeps the connection closed while a signal is true, and reconnects when it is false again: for a hidden page, or a user who is away.
 *
 * All subscribers of the connection receive `reconnecting` and stay subscribed, the outbox is kept, and the status is `waiting`, with `why: 'suspended'`.
 * It calls no policy. A retry that is due meanwhile starts afterwards. Your code can still end the session. Place it after `reconnectOnCode`.
 *
 *     events                 -c-o-m-----X|            X: the clean close, sent by us
 *     signal                 -f------t-----f
 *     suspendWhile(signal)   -c-o-m-----r--c-o-...    r: `reconnecting`, with a delay of Infinity
 *
 * @param signal - whether to suspend; `false` until its first value. After it completes, its last value remains in effect; its error is reported on
 *   `warnings` and counts as `false`. The operator listens from the first event until the session is over: if the signal is true at once, the attempt
 *   ends before anything is sent. It may be an Observable of RxJS, of another library or of the platform; anything else throws a `TypeError`.
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
 *   suspendWhile(isHidden, { code: 4000, reason: 'page hidden' }),
 * );
 * ```
 */
export function suspendWhile<In, Out, Code extends number = number>(
  signal: ObservableLike<boolean>,
  options: SuspendWhileOptions<Code> = {},
): SocketOperator<In, Out> {
  if (!isObservableLike(signal)) throw new TypeError(`suspendWhile: signal must be an Observable, not ${showValue(signal)}`);
  const close = validateClose(options.code, options.reason);

  const watched = oncePerSession<In, Out>((session) => {
    const watching = new Subscription();
    let suspension = Subscription.EMPTY;
    const warn = (error: unknown): void => session.warn({ kind: 'callback', callback: 'suspendWhile', error });
    let isWanted = false;
    const next = (value: unknown): void => {
      const isTrue = Boolean(value);
      if (isTrue === isWanted) return;
      isWanted = isTrue;
      if (!isTrue) {
        suspension.unsubscribe();
        return;
      }
      // Suspend before closing: subscribers that receive the close may change the signal again.
      suspension = waitsOf(session).suspend({ why: 'suspended' });
      watching.add(suspension);
      // So may subscribers of the status.
      if (isWanted) session.replaceConnection(close.code, close.reason);
      else suspension.unsubscribe();
    };
    const error = (thrown: unknown): void => {
      warn(thrown);
      suspension.unsubscribe();
    };
    // Completing does not end a suspension that the last value began; unsubscribing does.
    watching.add(listenTo(signal, { next, error }, warn));
    return watching;
  });
  return socketOperator<In, Out>('suspendWhile', (source, sink, subscription) => watched(source)(sink, subscription));
}

import { isObservable, NEVER, Subscription, type Observable } from 'rxjs';
import { showValue } from '../close/showValue.js';
import { codePolicy, type CodeTable } from '../policy/codePolicy.js';
import type { ReconnectPolicy } from '../policy/ReconnectPolicy.js';
import { followWake } from '../subject/followWake.js';
import { listenTo } from '../subject/listenTo.js';
import type { SocketOperator } from '../subject/SocketOperator.js';
import { socketOperator, type Source } from '../subject/source.js';
import { connectAgain } from './connectAgain.js';
import { oncePerSession } from './oncePerSession.js';
import { retryDecider } from './retryDecider.js';

/** Options of {@link reconnectOnCode}. */
export interface ReconnectOptions {
  /**
   * Has the present connection replaced each time that it emits, in whatever phase: an open one is closed with 1000, an attempt is given up, a wait is cut
   * short. For new credentials, or another tenant. It is no end by the program: the outbox is kept, no policy is asked. Left out, nothing does.
   */
  readonly now?: Observable<unknown> | undefined;
  /**
   * Has a wait end within a second, after a random part of it, each time that it emits; a connection that is open or being made stays, and should it end
   * within half a second, the wait for the next one is as short. Left out, in a browser, the page's own signals do: the network is back (`online`),
   * the page is looked at again (`visibilitychange`), thawed (`resume`) or shown again (`pageshow`); while the page is offline no retry is made, and one
   * that is put into the back/forward cache (`pagehide`) has its connection closed with 1000 until it is shown again. `false`, or an Observable, takes the
   * place of all of these. In Node there are none.
   */
  readonly wake?: Observable<unknown> | false | undefined;
}

/**
 * Connects again after an end, clean or not, when the policy for its code says so, and after as many ms as it says.
 *
 * An end by the program is final, whatever the policy. Where the policy declines the end goes through unchanged: same event, same terminal, same
 * error. It does not replay what the server sent while there was no connection; values in the outbox wait for the next one.
 *
 *     events                  -c-o-m-X|
 *     reconnectOnCode(1012)   -c-o-m-r----c-o-m-...     X: closed with 1012; r: `reconnecting`, then the wait
 *     reconnectOnCode(stop)   -c-o-m-X|
 *
 * @param policyOrTable - left out: the default decision for each code (RFC 6455 §7.2.3 and §7.4, the IANA registry). A table, keyed by codes
 *   and ranges (`'4000-4099'`), is laid over those defaults: the exact code first, then the narrowest range; ranges that cross and impossible codes
 *   throw a `TypeError` that names them. A function is asked alone: it gives ms to wait, or `null` to stop. When it throws, or gives no number of
 *   ms, that is told on `warnings` and the end goes through.
 * @param options - `now` has the connection replaced, and is listened to from the first event until the session is over; its error is told on
 *   `warnings`. Something else than an `Observable` throws a `TypeError`.
 *
 * @example
 * ```ts
 * import { between, reconnectOnCode, stop, webSocket } from 'websocket-subject';
 *
 * const socket = webSocket<string>('wss://quotes.example.com').pipeEvents(
 *   reconnectOnCode({ 4401: stop, '4500-4599': between(1_000, 5_000) }),
 * );
 * ```
 */
export function reconnectOnCode<In, Out>(
  policyOrTable?: ReconnectPolicy | CodeTable,
  options: ReconnectOptions = {},
): SocketOperator<In, Out> {
  const { now = NEVER, wake } = options;
  if (!isObservable(now)) throw new TypeError(`reconnectOnCode: now must be an Observable, not ${showValue(now)}`);
  if (wake && !isObservable(wake)) throw new TypeError(`reconnectOnCode: wake must be an Observable or false, not ${showValue(wake)}`);
  const policy = typeof policyOrTable === 'function' ? policyOrTable : codePolicy(policyOrTable);

  const watched = oncePerSession<In, Out>((session) => {
    const warn = (error: unknown): void => session.warn({ kind: 'callback', callback: 'now', error });
    const listening = new Subscription();
    const replace = (): void => {
      session.leave({ code: 1000, reason: '' });
      session.waits.endAll();
    };
    listening.add(listenTo(now, { next: replace, error: warn }, warn));
    listening.add(followWake(session, wake));
    return listening;
  });

  return socketOperator<In, Out>('reconnectOnCode', (source, sink, subscription) => {
    const decide = retryDecider<In, Out>(policy);
    const reconnecting: Source<In, Out> = (inner, whole) => connectAgain(source, decide, inner, whole);
    watched(reconnecting)(sink, subscription);
  });
}

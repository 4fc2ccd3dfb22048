import { isObservable, Subscription, type Observable } from 'rxjs';
import { showValue } from '../close/showValue.js';
import { maxDelay } from '../config/checkArguments.js';
import type { SocketWarning } from '../config/SocketWarning.js';
import { codePolicy, type CodeTable } from '../policy/codePolicy.js';
import type { ReconnectPolicy } from '../policy/ReconnectPolicy.js';
import type { CloseValue } from '../session/events.js';
import { sessionOf, type SessionLink } from '../session/link.js';
import { passOn, type Sink, type Source } from '../session/source.js';
import type { SocketOperator } from '../subject/SocketOperator.js';
import { followWake } from './followWake.js';
import { oncePerSession } from './oncePerSession.js';
import { Retry, type RetryDecision } from './Retry.js';
import { socketOperator } from './socketOperator.js';

/** Options of {@link reconnectOnCode}. */
export interface ReconnectOptions {
  /**
   * Shortens a wait to a random part of a second each time that it emits. An open connection and a pending attempt stay; if such a connection ends
   * within half a second, the wait for the next one is as short. By default, in a browser, the page's own signals do this: the network is back
   * (`online`), the page becomes visible (`visibilitychange`); and while the page is offline no retry is made. `false`, or an Observable, takes the
   * place of these. In Node there are none.
   */
  readonly wake?: Observable<unknown> | false | undefined;
}

/**
 * Reconnects after an end, clean or not, when the policy for its code decides so, after the wait that it returns.
 *
 * An end that your code asked for is final, whatever the policy. Where the policy declines, the end goes through unchanged: same event, same
 * terminal, same error. It does not replay what the server sent while there was no connection; values in the outbox wait for the next one.
 *
 *     events                  -c-o-m-X|
 *     reconnectOnCode(1012)   -c-o-m-r----c-o-m-...     X: closed with 1012; r: `reconnecting`, then the wait
 *     reconnectOnCode(stop)   -c-o-m-X|
 *
 * @param policyOrTable - left out: the default decision for each code (RFC 6455 §7.2.3 and §7.4, the IANA registry). A table, keyed by codes
 *   and ranges (`'4000-4099'`), is laid over those defaults: the exact code first, then the narrowest range; ranges that cross and impossible codes
 *   throw a `TypeError` that names them. A function decides alone: it returns milliseconds to wait, or `null` to stop. When it throws, or returns
 *   anything else, that is reported on `warnings` and the end goes through.
 * @param options - an impossible `wake` throws a `TypeError`; its error is reported on `warnings`.
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
export function reconnectOnCode<In, Out>(policyOrTable?: ReconnectPolicy | CodeTable, options: ReconnectOptions = {}): SocketOperator<In, Out> {
  const { wake } = options;
  if (wake && !isObservable(wake)) throw new TypeError(`reconnectOnCode: wake must be an Observable or false, not ${showValue(wake)}`);
  const policy = typeof policyOrTable === 'function' ? policyOrTable : codePolicy(policyOrTable);
  const withWake = oncePerSession<In, Out>((session) => followWake(session, wake));

  return socketOperator<In, Out>('reconnectOnCode', (source, sink, subscription) => {
    const reconnecting: Source<In, Out> = (inner, whole) => connect(source, decider<In, Out>(policy), inner, whole);
    withWake(reconnecting)(sink, subscription);
  });
}

type Decider<In, Out> = (closeEvent: CloseValue, session: SessionLink<In, Out> | undefined) => RetryDecision | null;

/** Subscribes to a source, and, after a wait, again at each close that `decide` finds a retry for; every other end goes through unchanged (S6). */
function connect<In, Out>(source: Source<In, Out>, decide: Decider<In, Out>, sink: Sink<In, Out>, subscription: Subscription): void {
  const connection = new Subscription();
  let retry: Retry<In, Out> | undefined;
  let isDecided = false;
  let isLeft = false;
  subscription.add(connection);
  const decideOnce = (event: CloseValue): void => {
    if (isDecided) return;
    isDecided = true;
    const session = sessionOf<In, Out>(event);
    // A custom operator may deliver the close too late: then the retry begins a new session.
    const present = session?.isOver === true ? undefined : session;
    const decision = session?.isFinal === true ? null : decide(event, present);
    // The policy may have ended the session, or unsubscribed.
    if (decision !== null && sessionOf(event)?.isFinal !== true && !subscription.closed) retry = new Retry(present, event, decision, () => connect(source, decide, sink, subscription), sink, subscription);
  };
  source(
    passOn(sink, {
      decide: (event) => {
        decideOnce(event);
        return retry === undefined && sink.decide?.(event) === true;
      },
      event: (event) => {
        if (event.type === 'close') decideOnce(event);
        // Another subscriber may have ended the session in between.
        if (retry === undefined || sessionOf(event)?.isFinal === true) {
          retry?.cancel();
          sink.event(event);
          return;
        }
        isLeft = true;
        connection.unsubscribe();
        retry.announce();
      },
      // A connection may end while it is being unsubscribed from: who never received its close must not receive its terminal (S1).
      complete: () => {
        if (!isLeft) sink.complete();
      },
      error: (error) => {
        if (!isLeft) sink.error(error);
      },
    }),
    connection,
  );
  // `unsubscribe()` of the subject ends the subscription of the connection, and so ours. Last, so that nothing comes from the source by then.
  connection.add(() => {
    if (!isLeft) subscription.unsubscribe();
  });
}

/** Returns a function that asks the policy about one end after another. Ends that your code asked for are never asked about (S5). */
function decider<In, Out>(policy: ReconnectPolicy): Decider<In, Out> {
  let previousDelay: number | null = null;
  let unlinkedRetries = 0;
  return (closeEvent, session) => {
    const { uptime } = closeEvent;
    const attempt = session?.retryNumber ?? unlinkedRetries + 1;
    const elapsed = session?.elapsed ?? uptime;
    const random = session?.environment.random;
    const delay = ask(policy, { closeEvent, attempt, elapsed, uptime, previousDelay: attempt === 1 ? null : previousDelay, random }, session);
    if (delay === null) return null;
    previousDelay = delay;
    unlinkedRetries = attempt;
    return { attempt, delay };
  };
}

/** A policy that throws, or does not return milliseconds or `null`, is reported on `warnings` and counts as one that stops (S16). */
function ask(policy: ReconnectPolicy, attempt: Parameters<ReconnectPolicy>[0], session: { warn(warning: SocketWarning): void } | undefined): number | null {
  try {
    const delay: unknown = policy(attempt);
    if (delay === null) return null;
    if (typeof delay === 'number' && delay >= 0) return Math.min(delay, maxDelay);
    throw new TypeError(`a policy must return milliseconds, 0 or more, or null, not ${showValue(delay)}`);
  } catch (error) {
    session?.warn({ kind: 'callback', callback: 'policy', error });
    return null;
  }
}

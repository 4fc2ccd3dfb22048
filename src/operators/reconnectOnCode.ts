import { Subscription } from 'rxjs';
import { showValue } from '../close/showValue.js';
import { ignoreRejection, maxDelay } from '../config/checkArguments.js';
import { checkOptions } from '../config/checkOptions.js';
import type { ObservableLike } from '../config/ObservableLike.js';
import type { SocketWarning } from '../config/SocketWarning.js';
import { isObservableLike } from '../connection/listenTo.js';
import { codePolicy, type CodeTable } from '../policy/codePolicy.js';
import type { ReconnectPolicy } from '../policy/ReconnectPolicy.js';
import type { CloseValue } from '../session/events.js';
import { sessionOf, type SessionLink } from '../session/link.js';
import { forward, type Sink, type Source } from '../session/source.js';
import type { SocketOperator } from '../subject/SocketOperator.js';
import { followWake } from './followWake.js';
import { oncePerSession } from './oncePerSession.js';
import { Retry, type RetryDecision } from './Retry.js';
import { socketOperator } from './socketOperator.js';

/** Options of {@link reconnectOnCode}. */
export interface ReconnectOptions {
  /**
   * Each value shortens a running wait to a random time below 1 s. An open connection stays open; if it ends within 500 ms, the next wait is shortened
   * too. Default in a browser: the events `online`, and `visibilitychange` when the page becomes visible; while the page is offline, no retry starts.
   * An Observable (of RxJS, of another library or of the platform) replaces all of that; `false` turns it off. Node has no such signals.
   */
  readonly wake?: ObservableLike<unknown> | false | undefined;
}

/**
 * Reconnects after a close, clean or not, if the policy for its code decides so.
 *
 * After an end that your code asked for it never reconnects. If the policy stops, subscribers receive the close and its `complete` or `error` unchanged.
 * Messages that the server sent while there was no connection are not replayed; values in the outbox wait for the next connection.
 *
 *     events                  -c-o-m-X|
 *     reconnectOnCode(1012)   -c-o-m-r----c-o-m-...     X: closed with 1012; r: `reconnecting`, then the wait
 *     reconnectOnCode(stop)   -c-o-m-X|
 *
 * @param policyOrTable - default: a decision for each code (RFC 6455 §7.2.3 and §7.4, the IANA registry). A table, keyed by codes and ranges
 *   (`'4000-4099'`), overrides those defaults: the exact code first, then the narrowest range; ranges that cross and impossible codes throw a `TypeError`
 *   that names them. A function decides alone: it returns milliseconds to wait, or `null` to stop. If it throws, or returns anything else, that is reported
 *   on `warnings` and counts as `null`.
 * @param options - an unknown option, or an impossible `wake`, throws a `TypeError`; an error of `wake` is reported on `warnings`.
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
  const { wake } = checkOptions('reconnectOnCode', options, { wake: [(value) => value === false || isObservableLike(value), 'an Observable or false'] });
  const policy = typeof policyOrTable === 'function' ? policyOrTable : codePolicy(policyOrTable);
  const withWake = oncePerSession<In, Out>((session) => followWake(session, wake));

  return socketOperator<In, Out>('reconnectOnCode', (source, sink, subscription) => {
    withWake((innerSink, innerSubscription) => subscribeWithRetry(source, decider<In, Out>(policy), innerSink, innerSubscription))(sink, subscription);
  });
}

type Decider<In, Out> = (closeEvent: CloseValue, session: SessionLink<In, Out> | undefined) => RetryDecision | null;

/** Subscribes to the source, and again after each close that gets a retry. Other closes pass unchanged (S6). */
function subscribeWithRetry<In, Out>(source: Source<In, Out>, decide: Decider<In, Out>, sink: Sink<In, Out>, subscription: Subscription): void {
  const sourceSubscription = new Subscription();
  let retry: Retry<In, Out> | undefined;
  let isDecided = false;
  let isRetrying = false;
  subscription.add(sourceSubscription);
  const decideOnce = (event: CloseValue): void => {
    if (isDecided) return;
    isDecided = true;
    const session = sessionOf<In, Out>(event);
    // A custom operator may deliver the close too late: then the retry begins a new session.
    const present = session?.isOver === true ? undefined : session;
    const decision = session?.isEndRequested === true ? null : decide(event, present);
    // The policy may have ended the session, or unsubscribed.
    if (decision === null || sessionOf(event)?.isEndRequested === true || subscription.closed) return;
    retry = new Retry(present, event, decision, () => subscribeWithRetry(source, decide, sink, subscription), sink, subscription);
  };
  source(
    forward(sink, {
      decide: (event) => {
        decideOnce(event);
        return retry === undefined ? sink.decide?.(event) : undefined;
      },
      event: (event) => {
        if (event.type === 'close') decideOnce(event);
        // Your code may have ended the session in between. Then this close is its last, unless the end comes during the wait that has begun.
        const session = sessionOf(event);
        if (retry === undefined || (session?.isEndRequested === true && session.isOver)) {
          sink.event(event);
          return;
        }
        isRetrying = true;
        // It sends nothing more: a subscriber that did not receive its close must not receive its terminal (S1).
        sourceSubscription.unsubscribe();
        retry.announce();
      },
    }),
    sourceSubscription,
  );
  // If `unsubscribe()` of the subject closes the subscription of the source, close ours too. Added last, to run last.
  sourceSubscription.add(() => {
    if (!isRetrying) subscription.unsubscribe();
  });
}

/** Calls the policy for each close and remembers its last delay. */
function decider<In, Out>(policy: ReconnectPolicy): Decider<In, Out> {
  let previousDelay: number | null = null;
  // Events that your code made have no session to count their retries.
  let retriesWithoutSession = 0;
  return (closeEvent, session) => {
    const { uptime } = closeEvent;
    const attempt = session?.retryNumber ?? retriesWithoutSession + 1;
    const elapsed = session?.elapsed ?? uptime;
    const repeats = session?.repeats ?? 1;
    const random = session?.environment.random;
    const delay = callPolicy(policy, { closeEvent, attempt, repeats, elapsed, uptime, previousDelay: attempt === 1 ? null : previousDelay, random }, session);
    if (delay === null) return null;
    previousDelay = delay;
    retriesWithoutSession = attempt;
    return { attempt, delay };
  };
}

/** A policy that throws, or does not return milliseconds or `null`, is reported on `warnings` and counts as one that stops (S16). */
function callPolicy(policy: ReconnectPolicy, attempt: Parameters<ReconnectPolicy>[0], session: { warn(warning: SocketWarning): void } | undefined): number | null {
  try {
    const delay: unknown = policy(attempt);
    if (delay === null) return null;
    if (typeof delay === 'number' && delay >= 0) return Math.min(delay, maxDelay);
    ignoreRejection(delay);
    throw new TypeError(`a policy must return milliseconds, 0 or more, or null, not ${showValue(delay)}`);
  } catch (error) {
    session?.warn({ kind: 'callback', callback: 'policy', error });
    return null;
  }
}

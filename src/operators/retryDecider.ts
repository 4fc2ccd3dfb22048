import { maxDelay } from '../policy/maxDelay.js';
import type { ReconnectPolicy } from '../policy/ReconnectPolicy.js';
import type { CloseValue } from '../subject/events.js';
import { isFinal, linkOf, type SessionLink } from '../subject/link.js';

/** A retry that a policy has decided on. */
export interface Retry<In, Out> {
  readonly closeEvent: CloseValue;
  /** The session to go on with; none for an event that a program made. */
  readonly session: SessionLink<In, Out> | undefined;
  /** The number of the retry. */
  readonly attempt: number;
  /** Ms to wait; `Infinity` while the session is suspended. */
  readonly delay: number;
}

/** Asks a policy about one end after another: a retry, or `null` to let the end through. An end by the program is never asked about (S5). */
export function retryDecider<In, Out>(policy: ReconnectPolicy): (closeEvent: CloseValue) => Retry<In, Out> | null {
  let previousDelay: number | null = null;
  let unlinkedRetries = 0;
  return (closeEvent) => {
    const session = linkOf<In, Out>(closeEvent);
    if (isFinal(session)) return null;
    const replacement = replacementOf<In, Out>(closeEvent);
    if (replacement !== null) return replacement;
    const attempt = session?.attempts.retry ?? unlinkedRetries + 1;
    const { uptime } = closeEvent;
    const elapsed = session?.attempts.elapsed ?? uptime;
    const delay = ask(policy, { closeEvent, attempt, elapsed, uptime, previousDelay: attempt === 1 ? null : previousDelay }, session);
    // A policy may have ended the session itself.
    if (delay === null || isFinal(session)) return null;
    previousDelay = delay;
    unlinkedRetries = attempt;
    return { closeEvent, session, attempt, delay };
  };
}

/** The retry that the program itself has asked for, by ending a connection and not the session (S5); no policy is asked about it. */
export function replacementOf<In, Out>(closeEvent: CloseValue): Retry<In, Out> | null {
  const session = linkOf<In, Out>(closeEvent);
  if (session === undefined || isFinal(session)) return null;
  const { retry, replacement } = session.attempts;
  return replacement === null ? null : { closeEvent, session, attempt: retry, delay: replacement };
}

/** A policy that throws, or answers with something else than ms, is told on `warnings` and counts as one that stops (S16). */
function ask(policy: ReconnectPolicy, attempt: Parameters<ReconnectPolicy>[0], session: SessionLink<never, never> | undefined): number | null {
  try {
    const delay = policy(attempt);
    if (delay === null) return null;
    if (typeof delay === 'number' && delay >= 0) return Math.min(delay, maxDelay);
    throw new TypeError(`A reconnect policy must give a number of ms, 0 or more, or null to stop, not ${String(delay)}`);
  } catch (error) {
    session?.warn({ kind: 'callback', callback: 'policy', error });
    return null;
  }
}

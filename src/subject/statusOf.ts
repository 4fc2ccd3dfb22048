import type { Ending } from './Ending.js';
import type { SocketConnecting, SocketOpen } from './events.js';
import type { Wait } from './link.js';
import type { SocketStatus } from './SocketStatus.js';

/** The status without `queued`, as sessions tell it. */
export type StatusFacts = SocketStatus extends infer Status ? (Status extends unknown ? Omit<Status, 'queued'> : never) : never;

/** The status of a session that is not over; without phase, end and wait nothing has changed yet. */
export function statusOf<In, Out>(
  since: number,
  phase: SocketConnecting | SocketOpen<In, Out> | null,
  ending: Ending | null,
  wait: Wait<In, Out> | undefined,
): StatusFacts | undefined {
  if (ending?.isClosing === true) return { state: 'closing', since, code: ending.code, reason: ending.reason };
  if (phase?.type === 'open') return { state: 'open', since, attempt: phase.attempt, protocol: phase.protocol };
  if (phase !== null) return { state: 'connecting', since, attempt: phase.attempt };
  if (wait === undefined) return undefined;
  const { event, until } = wait;
  const { attempt, closeEvent } = event;
  return { state: 'waiting', why: 'delay', attempt, until, closeEvent, retryNow: () => event.retryNow() };
}

import type { Subscription } from 'rxjs';
import type { SocketWarning } from '../config/SocketWarning.js';
import type { Environment } from '../connection/Environment.js';
import type { DrainWaiter } from '../session/Outbox.js';
import type { Source } from '../session/source.js';

/** The parts of a subject that functions such as `drained` and `topics` need. */
export interface SubjectParts<In, Out> {
  readonly core: {
    readonly environment: Environment;
    readonly drainWaiters: DrainWaiter[];
    /** How many values wait. */
    readonly queued: number;
    /** The newest session. */
    readonly session: { readonly isJoinable: boolean } | null;
    readonly sessions: readonly { readonly connection: { readonly canSend: boolean; readonly isLow: boolean } | null }[];
    warn(warning: SocketWarning): void;
    /** Rejects or reports the values that wait for the next session. */
    dropOutbox(why: string): void;
  };
  readonly multicast: {
    readonly source: Source<In, Out>;
    /** Whether a new subscriber would share the run of this subscription. */
    isShared(subscription: Subscription): boolean;
  };
}

/** A registered symbol, so that the ES and the CommonJS build of the library recognize each other's subjects. */
export const partsKey: unique symbol = Symbol.for('websocket-subject.parts');

/** Returns the parts of a subject; throws a `TypeError` for anything else. */
export function partsOf<In, Out>(caller: string, subject: unknown): SubjectParts<In, Out> {
  const parts = (subject as { [partsKey]?: SubjectParts<In, Out> } | null | undefined)?.[partsKey];
  if (parts === undefined) throw new TypeError(`${caller} needs a WebSocketSubject`);
  return parts;
}

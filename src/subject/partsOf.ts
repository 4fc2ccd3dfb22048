import type { Subscription } from 'rxjs';
import type { SocketWarning } from './SocketWarning.js';
import type { Source } from './source.js';

/** What a subject is made of, as far as what stands around a subject needs it. */
export interface SubjectParts<In, Out> {
  readonly core: {
    /** Counts the ends by the program: a subscriber of a later epoch belongs to a later session (S7). */
    readonly epoch: number;
    warn(warning: SocketWarning): void;
  };
  readonly face: {
    readonly source: Source<In, Out>;
    /** Whether the run that this subscription belongs to takes in who subscribes now, unless the program has ended the session since (S7). */
    isShared(subscription: Subscription): boolean;
  };
}

// A registered symbol, so that the ES and the CommonJS build of the library know each other's subjects.
const partsKey = Symbol.for('websocket-subject.parts');

/** Gives a subject its hidden parts. */
export function setParts<In, Out>(subject: object, parts: SubjectParts<In, Out>): void {
  Object.defineProperty(subject, partsKey, { value: parts });
}

/** The parts of a subject; `undefined` for what is none. */
export const partsOf = <In, Out>(subject: unknown): SubjectParts<In, Out> | undefined =>
  (subject as { [partsKey]?: SubjectParts<In, Out> } | null | undefined)?.[partsKey];

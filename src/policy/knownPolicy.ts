import type { ReconnectPolicy } from './ReconnectPolicy.js';

/** How a policy of this library is written: the name of the function that made it, and what that was given; the name alone for `stop`. */
export type PolicyNotation = readonly [name: string, ...given: unknown[]];

/** Registered, because the two module formats of the package must know each other's policies. */
const notationKey = Symbol.for('websocket-subject.policy');

/**
 * Returns the same function with the notation that `explainPolicy` reads.
 *
 * @internal
 */
export function knownPolicy(policy: ReconnectPolicy, ...notation: PolicyNotation): ReconnectPolicy {
  return Object.defineProperty(policy, notationKey, { value: notation });
}

/**
 * Returns how a policy of this library is written; `undefined` for every other function.
 *
 * @internal
 */
export function notationOf(policy: unknown): PolicyNotation | undefined {
  return Object.getOwnPropertyDescriptor(Object(policy), notationKey)?.value as PolicyNotation | undefined;
}

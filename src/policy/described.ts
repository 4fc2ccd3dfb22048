import type { DelayBounds } from './PolicyExplanation.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';

/** How a policy is written in a program: the name of the function, and what it was given; the name alone for a value such as `stop`. */
export type PolicyNotation = readonly [name: string, ...given: unknown[]] | string;

/** What is known of a policy without asking it. A wrapper makes its own from that of the policy it is put around. */
export interface PolicyDescription {
  readonly notation: PolicyNotation;
  /**
   * The bounds that hold for every delay of the retries `from` to `to`, both included, where no hint of the server counts. `from` is 1 or
   * more, `to` may be `Infinity`, and `maxElapsed` has not passed. `null` where it stops before retry `from`; `undefined` where only the policy itself can tell.
   */
  readonly delays: (from: number, to: number) => DelayBounds | null | undefined;
  /** How many retries in a row it allows at most; `Infinity` where it sets no limit. */
  readonly maxRetries: number;
  /** The `elapsed` from which on it stops, in milliseconds; `Infinity` where it sets no limit. */
  readonly maxElapsed: number;
  /** The most milliseconds that a hint of the server may ask for instead; `null` where none counts. */
  readonly maxHint: number | null;
}

/** Registered, because the two module formats of the package must know each other's policies. */
const key = Symbol.for('websocket-subject.policy');

/**
 * The same function, with a description that `explainPolicy` reads.
 *
 * @internal
 */
export function described(
  policy: ReconnectPolicy,
  notation: PolicyNotation,
  delays: PolicyDescription['delays'],
  maxRetries = Infinity,
  maxElapsed = Infinity,
  maxHint: number | null = null,
): ReconnectPolicy {
  return Object.defineProperty(policy, key, { value: { notation, delays, maxRetries, maxElapsed, maxHint } satisfies PolicyDescription });
}

/**
 * What is known of a policy: of a function that a program wrote nothing, since one answer of it says nothing about the others.
 *
 * @internal
 */
export function descriptionOf(policy: unknown): PolicyDescription | undefined {
  return Object.getOwnPropertyDescriptor(Object(policy), key)?.value as PolicyDescription | undefined;
}

import type { DelayBounds } from './PolicyExplanation.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';

/** What `explainPolicy` shows of a policy of this library, without calling it. */
export interface PolicyFacts {
  /** The name of the function that made it. */
  readonly name: string;
  /** Its arguments. A policy that it wraps comes second. */
  readonly given?: readonly unknown[];
  /** The most retries in a row that it allows, if it sets a limit. */
  readonly maxRetries?: number;
  /** The `elapsed` from which on it stops, in milliseconds, if it sets a limit. */
  readonly maxElapsed?: number;
  /** It stops when 401, or 403, has refused this many handshakes in a row. */
  readonly maxRefusals?: number;
  /** The longest wait that a hint of the server may ask for, in milliseconds. */
  readonly maxHint?: number;
  /** Returns the bounds that hold for the delays of the retries `from` to `to`, both included. `to` may be `Infinity`; pass retry 1 alone. */
  readonly bounds?: (from: number, to: number) => DelayBounds;
}

// A registered symbol, because the two module formats of the package must recognize each other's policies.
const factsKey = Symbol.for('websocket-subject.policy');

/**
 * Returns the same function with its facts.
 *
 * @internal
 */
export function knownPolicy(facts: PolicyFacts, policy: ReconnectPolicy): ReconnectPolicy {
  return Object.defineProperty(policy, factsKey, { value: facts });
}

/**
 * Returns the facts of a policy of this library; `undefined` for everything else.
 *
 * @internal
 */
export function factsOf(policy: unknown): PolicyFacts | undefined {
  return (policy as { [factsKey]?: PolicyFacts } | null | undefined)?.[factsKey];
}

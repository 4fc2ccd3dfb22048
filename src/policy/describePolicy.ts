import { delayBounds, type ExponentialOptions } from './exponential.js';
import { notationOf } from './knownPolicy.js';
import type { DelayBounds } from './PolicyExplanation.js';

/** What is known of a policy without calling it. */
export interface PolicyDescription {
  /**
   * Returns the bounds that hold for every delay of the retries `from` to `to`, both included, where no hint of the server counts. `from` is 1
   * or more, `to` may be `Infinity`, and `maxElapsed` has not passed. `null` where the policy stops before retry `from`; `undefined` where
   * only calling it would tell.
   */
  readonly delays: (from: number, to: number) => DelayBounds | null | undefined;
  /** The most retries in a row that it allows; `Infinity` where it sets no limit. */
  readonly maxRetries: number;
  /** The `elapsed` from which on it stops, in milliseconds; `Infinity` where it sets no limit. */
  readonly maxElapsed: number;
  /** The longest wait that a hint of the server may ask for instead, in milliseconds; `null` where none counts. */
  readonly maxHint: number | null;
}

const unlimited = { maxRetries: Infinity, maxElapsed: Infinity, maxHint: null };
const unknown: PolicyDescription = { ...unlimited, delays: () => undefined };

/**
 * Returns what is known of a policy: nothing of a custom function, since one answer of it says nothing about the others.
 *
 * @internal
 */
export function describePolicy(policy: unknown): PolicyDescription {
  const [name, ...given] = notationOf(policy) ?? [''];
  const known = Object.hasOwn(describers, name) ? describers[name] : undefined;
  return known === undefined ? unknown : { ...unlimited, ...known(...(given as never[])) };
}

type Describer = (...given: never[]) => Partial<PolicyDescription> & Pick<PolicyDescription, 'delays'>;

/** By the names of the functions that make policies, with what those are given. A wrapper starts from the policy that it is put around. */
const describers: Readonly<Record<string, Describer>> = {
  stop: () => ({ delays: () => null, maxRetries: 0 }),
  after: (delay: number) => ({ delays: () => ({ min: delay, max: delay }) }),
  between: (min: number, max: number) => ({ delays: () => ({ min, max }) }),
  sequence: (list: readonly number[]) => ({
    delays: (from, to) => {
      const part = list.slice(from - 1, to);
      return part.length === 0 ? null : { min: Math.min(...part), max: Math.max(...part) };
    },
    maxRetries: list.length,
  }),
  exponential: (options: ExponentialOptions) => {
    const bounds = delayBounds(options);
    return {
      delays: (from, to) => {
        // From the second retry on the bounds only grow.
        const all = [from, Math.min(to, Math.max(from, 2)), to].map(bounds);
        return { min: Math.min(...all.map(({ min }) => min)), max: Math.max(...all.map(({ max }) => max)) };
      },
    };
  },
  atMost: (times: number, policy: unknown) => {
    const inner = describePolicy(policy);
    return {
      ...inner,
      delays: (from, to) => (from > times ? null : inner.delays(from, Math.min(to, times))),
      maxRetries: Math.min(times, inner.maxRetries),
    };
  },
  within: (ms: number, policy: unknown) => {
    const inner = describePolicy(policy);
    return {
      ...inner,
      delays: (from, to) => (ms === 0 ? null : inner.delays(from, to)),
      maxRetries: ms === 0 ? 0 : inner.maxRetries,
      maxElapsed: Math.min(ms, inner.maxElapsed),
    };
  },
  serverHint: (_parse: unknown, policy: unknown, { max = 600_000 }: { max?: number }) => {
    const inner = describePolicy(policy);
    return { ...inner, maxHint: Math.max(max, inner.maxHint ?? 0) };
  },
};

import fc from 'fast-check';
import { expect, vi } from 'vitest';
import * as source from '../../src/index.js';
import { callbacks, type Variant } from './callbacks.js';
import { isExcluded } from './exclusions.js';
import { acting, returning, throwing, type Fault, type Plan } from './faults.js';
import { codeSteps, ends, open, worldSteps, type Scenario } from './scenarios.js';
import { simulate } from './simulate.js';
import type { Library } from './Simulation.js';

/** A fault of one callback, in some of its calls. */
interface Injection {
  readonly callback: string;
  readonly what: string;
  readonly from: number;
  readonly times: number;
}

/** What your code, the network and the clock do to a subject, in words that can be printed. */
export interface Program extends Scenario {
  readonly variant: Partial<Variant>;
  readonly faults: readonly Injection[];
}

const everyFault: Readonly<Record<string, Fault>> = { ...throwing, ...returning, ...acting };

const injectionInto = (callback: string): fc.Arbitrary<Injection> => {
  // An undefined cannot be traced to the callback that threw it.
  const faults = { ...throwing, ...(callbacks[callback]?.hasResult ? returning : {}), ...acting };
  const whats = Object.keys(faults).filter((what) => what !== 'throws undefined' && !isExcluded(callback, what));
  return fc.record({ callback: fc.constant(callback), what: fc.constantFrom(...whats), from: fc.integer({ min: 1, max: 3 }), times: fc.integer({ min: 1, max: 3 }) });
};
const injections = fc.array(fc.constantFrom(...Object.keys(callbacks)).chain(injectionInto), { minLength: 1, maxLength: 4 });
/** Steps, in groups: connections must open often. */
const steps = fc.array(fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...worldSteps, 'subscribe', 'next', 'message').map((step) => [step]) },
  { weight: 3, arbitrary: fc.constantFrom(...codeSteps).map((step) => [step]) },
  { weight: 2, arbitrary: fc.constantFrom(['subscribe', ...open], ['next', ...open, 'next'], ['pass 100', ...open], ['pass 60', 'drop', 'pass 100', ...open], ['pass 160', 'message', 'pass 100']) },
), { minLength: 1, maxLength: 20, size: 'max' }).map((groups) => groups.flat());

/** Any program. In half of them no callback has a fault, so that more laws apply. */
export const program: fc.Arbitrary<Program> = fc.record({
  variant: fc.record({
    results: fc.constantFrom('value', 'value', 'promise', 'observable'),
    transportFrom: fc.constantFrom('WebSocketCtor', 'transport'),
    terminates: fc.boolean(),
    policy: fc.constantFrom('function', 'table', 'wrapped', 'random', 'hinted'),
    when: fc.constantFrom('signal', 'promise', 'observable'),
    onInvalid: fc.constantFrom('error', 'drop', 'code'),
    hasSchema: fc.boolean(),
    pings: fc.constantFrom('never', 'by messages', 'by the protocol'),
    isPiped: fc.boolean(),
    hasWarnings: fc.constant(true),
    hasCustomOperator: fc.boolean(),
    consumers: fc.constantFrom('subscribers', 'all'),
    linger: fc.constantFrom(0, 0, 200),
    stableAfter: fc.constantFrom(50, 5_000),
    overflow: fc.constantFrom(null, null, 'drop-newest', 'drop-oldest', 'throw'),
  }),
  steps,
  end: fc.constantFrom(...(Object.keys(ends) as (keyof typeof ends)[])),
  faults: fc.oneof({ withCrossShrink: true }, fc.constant([]), injections),
});

/** Runs a program, and returns what went against the laws. */
export async function violationsOf({ faults, variant, ...scenario }: Program, library: Library = source): Promise<readonly string[]> {
  const plan: Plan = (callback, count) => {
    const injected = faults.find((one) => one.callback === callback && count >= one.from && count < one.from + one.times);
    return injected && everyFault[injected.what];
  };
  vi.useFakeTimers();
  try {
    // One fault may unsubscribe the receiver of what another one throws.
    return (await simulate(plan, scenario, variant, () => true, library)).violations;
  } finally {
    vi.useRealTimers();
  }
}

/** Fails if a program goes against the laws. */
export async function check(program: Program): Promise<void> {
  expect(await violationsOf(program)).toEqual([]);
}

/** A program that goes against the laws, and what it does. */
export interface Violation {
  readonly program: Program;
  readonly violations: readonly string[];
}

/** Runs `count` random programs, and returns the first that goes against the laws, if `isShrunk` as small as it can be made; `null` if none does. */
export async function findViolation(count: number, seed: number, { library = source, isShrunk = true }: { library?: Library; isShrunk?: boolean } = {}): Promise<Violation | null> {
  const property = fc.asyncProperty(program, async (one) => (await violationsOf(one, library)).length === 0);
  const { counterexample } = await fc.check(property, { numRuns: count, seed, endOnFailure: !isShrunk });
  const [failing] = counterexample ?? [];
  return failing === undefined ? null : { program: failing, violations: await violationsOf(failing, library) };
}

/** Prints it as a test that fails until the laws hold. */
export function printed({ program, violations }: Violation): string {
  return `import { it } from 'vitest';
import { check } from './Program.js';

it(${JSON.stringify(violations[0])}, () => check(${JSON.stringify(program, null, 2)}));
`;
}

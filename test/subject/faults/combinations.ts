import fc from 'fast-check';
import { callbacks, type Variant } from './callbacks.js';
import { isExcluded } from './exclusions.js';
import { acting, returning, throwing, type Fault, type Plan } from './faults.js';
import { ends, scenarios, steps, type Scenario } from './scenarios.js';

/** A fault of one callback, in some of its calls. */
interface Injection {
  readonly callback: string;
  readonly what: string;
  readonly fault: Fault;
  readonly from: number;
  readonly times: number;
}

const injectionInto = (callback: string): fc.Arbitrary<Injection> => {
  // An undefined cannot be traced to the callback that threw it.
  const faults = { ...throwing, ...(callbacks[callback]?.hasResult ? returning : {}), ...acting };
  const whats = Object.keys(faults).filter((what) => what !== 'throws undefined' && !isExcluded(callback, what));
  return fc.record({ what: fc.constantFrom(...whats), from: fc.integer({ min: 1, max: 3 }), times: fc.integer({ min: 1, max: 3 }) })
    .map((when) => ({ callback, fault: faults[when.what] as Fault, ...when }));
};

const anyStep = fc.constantFrom(...(Object.keys(steps) as (keyof typeof steps)[]));
const anyEnd = fc.constantFrom(...(Object.keys(ends) as (keyof typeof ends)[]));

export interface Combination {
  readonly injections: readonly Injection[];
  readonly variant: Variant;
  readonly scenario: string | { readonly steps: readonly (keyof typeof steps)[]; readonly end: keyof typeof ends };
}

/** Faults of up to four callbacks, in any variant and any scenario. */
export const combination: fc.Arbitrary<Combination> = fc.record({
  injections: fc.array(fc.constantFrom(...Object.keys(callbacks)).chain(injectionInto), { minLength: 1, maxLength: 4 }),
  variant: fc.record({
    results: fc.constantFrom('value', 'promise', 'observable'),
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
  }),
  scenario: fc.oneof(fc.constantFrom(...Object.keys(scenarios)), fc.record({ steps: fc.array(anyStep, { minLength: 5, maxLength: 30 }), end: anyEnd })),
});

export const planOf = (injections: readonly Injection[]): Plan => (callback, count) =>
  injections.find((one) => one.callback === callback && count >= one.from && count < one.from + one.times)?.fault;

export const scenarioOf = (scenario: Combination['scenario']): Scenario =>
  typeof scenario === 'string' ? (scenarios[scenario] as Scenario) : { steps: scenario.steps.map((name) => steps[name]), end: ends[scenario.end] };

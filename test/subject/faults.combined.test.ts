import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { combination, planOf, scenarioOf } from './faults/combinations.js';
import { simulate } from './faults/simulate.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('S16: with faults of several callbacks, in any scenario, the laws hold, and the subject still works', async () => {
  const run = fc.asyncProperty(combination, async ({ injections, scenario, variant }) => {
    // One fault may unsubscribe the receiver of what another one throws.
    const { violations } = await simulate(planOf(injections), scenarioOf(scenario), variant, () => true);
    expect(violations).toEqual([]);
  });
  await fc.assert(run, { numRuns: 500 });
}, 60_000);

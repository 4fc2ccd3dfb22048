import fc from 'fast-check';
import { afterEach, beforeEach, it, vi } from 'vitest';
import { behaviour, runSteps, step } from './randomSteps.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('S1, S7, S13: in any order of calls and events, streams keep the grammar, there is one transport at a time, and no value is lost', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30, size: 'max' }), behaviour, (steps, one) => {
      runSteps(steps, one);
    }),
    { numRuns: 2_000 },
  );
});

import fc from 'fast-check';
import { afterEach, beforeEach, it, vi } from 'vitest';
import { flavour, play, step } from './play.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

// A loaded machine takes its time over so many runs.
it('S1 S7 S13: whatever the order of calls and events, streams keep the grammar, one socket lives at a time, and no value is lost', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30, size: 'max' }), flavour, (steps, one) => {
      play(steps, one);
    }),
    { numRuns: 2_000 },
  );
});

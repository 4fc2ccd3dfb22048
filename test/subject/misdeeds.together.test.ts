import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { play } from './misdeeds/play.js';
import { lifeOf, planOf, program } from './misdeeds/together.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('S16: callbacks that do their worst together, in any life, leave the subject with its laws, and working', async () => {
  const run = fc.asyncProperty(program, async ({ deeds, life, flavour }) => {
    // Where one of them has those leave whom another one would have told, nobody is told.
    const { faults } = await play(planOf(deeds), lifeOf(life), flavour, () => true);
    expect(faults).toEqual([]);
  });
  await fc.assert(run, { numRuns: 500 });
}, 60_000);

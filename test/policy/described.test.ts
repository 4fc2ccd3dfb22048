import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { descriptionOf } from '../../src/policy/described.js';
import { exponential } from '../../src/policy/exponential.js';
import { anyKnownPolicy } from './anyPolicy.js';

const anySpan = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 3, maxLength: 3 }).map((numbers) => numbers.sort((a, b) => a - b));

test('the bounds of several retries hold those of each', () => {
  fc.assert(
    fc.property(anyKnownPolicy, anySpan, fc.boolean(), (policy, [from = 1, retry = 1, to = 1], isEndless) => {
      const { delays } = descriptionOf(policy)!;
      const one = delays(retry, retry);
      const all = delays(from, isEndless ? Infinity : to);
      expect(one).toBeDefined();
      if (!one) return;
      expect(all?.min).toBeLessThanOrEqual(one.min);
      expect(all?.max).toBeGreaterThanOrEqual(one.max);
    }),
    { numRuns: 1_000 },
  );
});

test('the bounds of a backoff know that only the first retry may be longer than those that follow', () => {
  const { delays } = descriptionOf(exponential({ first: 9_000, base: 100, factor: 2, jitter: 'none' }))!;
  expect(delays(1, 1)).toEqual({ min: 9_000, max: 9_000 });
  expect(delays(1, 3)).toEqual({ min: 200, max: 9_000 });
  expect(delays(2, Infinity)).toEqual({ min: 200, max: 40_000 });
});

test('the other module format knows the policies of this one', async () => {
  vi.resetModules();
  const other = await import('../../src/policy/explainPolicy.js');
  expect(other.explainPolicy(exponential({ max: 9_000 })).entries[0]?.policy).toBe('exponential({ max: 9_000 })');
  const { descriptionOf: otherDescriptionOf } = await import('../../src/policy/described.js');
  expect(otherDescriptionOf).not.toBe(descriptionOf);
});

import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { after } from '../../src/policy/after.js';
import { atMost } from '../../src/policy/atMost.js';
import { describePolicy } from '../../src/policy/describePolicy.js';
import { exponential } from '../../src/policy/exponential.js';
import { notationOf } from '../../src/policy/knownPolicy.js';
import { retryHint } from '../../src/policy/retryHint.js';
import { serverHint } from '../../src/policy/serverHint.js';
import { stop } from '../../src/policy/stop.js';
import { within } from '../../src/policy/within.js';
import { anyKnownPolicy } from './anyPolicy.js';

const anySpan = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 3, maxLength: 3 }).map((numbers) => numbers.sort((a, b) => a - b));

test('the bounds of several retries contain those of each', () => {
  fc.assert(
    fc.property(anyKnownPolicy, anySpan, fc.boolean(), (policy, [from = 1, retry = 1, to = 1], isEndless) => {
      const { delays } = describePolicy(policy);
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

test('the bounds of a backoff take into account that only its first delay can be longer than the second', () => {
  const { delays } = describePolicy(exponential({ first: 9_000, base: 100, factor: 2, jitter: 'none' }));
  expect(delays(1, 1)).toEqual({ min: 9_000, max: 9_000 });
  expect(delays(1, 3)).toEqual({ min: 200, max: 9_000 });
  expect(delays(2, Infinity)).toEqual({ min: 200, max: 40_000 });
});

test('the limits of nested wrappers are combined', () => {
  expect(describePolicy(stop)).toMatchObject({ maxRetries: 0, maxElapsed: Infinity, maxHint: null });
  expect(describePolicy(after(5))).toMatchObject({ maxRetries: Infinity, maxElapsed: Infinity, maxHint: null });
  const nested = within(60_000, atMost(3, serverHint(retryHint, atMost(2, within(90_000, after(5))), { max: 900 })));
  expect(describePolicy(nested)).toMatchObject({ maxRetries: 2, maxElapsed: 60_000, maxHint: 900 });
});

test('the delays of a custom function are unknown', () => {
  const custom = describePolicy(() => 5);
  expect(custom).toMatchObject({ maxRetries: Infinity, maxElapsed: Infinity, maxHint: null });
  expect(custom.delays(1, 1)).toBeUndefined();
});

test('the policies of the library carry their notation, custom functions do not', () => {
  expect(notationOf(stop)).toEqual(['stop']);
  expect(notationOf(atMost(5, stop))).toEqual(['atMost', 5, stop]);
  for (const value of [() => 5, {}, null, undefined, 5]) expect(notationOf(value)).toBeUndefined();
});

test('the other module format recognises the policies of this one', async () => {
  vi.resetModules();
  const other = await import('../../src/policy/explainPolicy.js');
  expect(other.explainPolicy(exponential({ max: 9_000 })).entries[0]?.policy).toBe('exponential({ max: 9_000 })');
  const { describePolicy: otherDescribePolicy } = await import('../../src/policy/describePolicy.js');
  expect(otherDescribePolicy).not.toBe(describePolicy);
});

import { expect, test, vi } from 'vitest';
import { atMost } from '../../src/policy/atMost.js';
import { exponential } from '../../src/policy/exponential.js';
import { explainPolicy } from '../../src/policy/explainPolicy.js';
import { factsOf } from '../../src/policy/knownPolicy.js';
import { stop } from '../../src/policy/stop.js';

test('the policies of the library carry their facts, custom functions do not', () => {
  expect(factsOf(stop)).toEqual({ name: 'stop', maxRetries: 0 });
  expect(factsOf(atMost(5, stop))).toEqual({ name: 'atMost', given: [5, stop], maxRetries: 5 });
  for (const value of [() => 5, {}, null, undefined, 5]) expect(factsOf(value)).toBeUndefined();
});

test('the other module format recognises the policies of this one', async () => {
  vi.resetModules();
  const other = await import('../../src/policy/explainPolicy.js');
  expect(other.explainPolicy).not.toBe(explainPolicy);
  expect(other.explainPolicy(exponential({ max: 9_000 })).entries[0]?.policy).toBe('exponential({ max: 9_000 })');
});

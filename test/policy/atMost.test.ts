import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { after } from '../../src/policy/after.js';
import { atMost } from '../../src/policy/atMost.js';
import { exponential } from '../../src/policy/exponential.js';
import { stop } from '../../src/policy/stop.js';
import { within } from '../../src/policy/within.js';
import { anyAttempt } from './anyNumber.js';
import { errorNaming } from './errorNaming.js';
import { retry } from './retry.js';

test('it follows the other policy for its number of retries, then it stops', () => {
  fc.assert(
    fc.property(fc.nat(100), anyAttempt, (times, attempt) => {
      expect(atMost(times, after(5))(retry(attempt))).toBe(attempt > times ? null : 5);
    }),
  );
});

test('atMost(0, …) never reconnects', () => {
  expect(atMost(0, after(5))(retry(1))).toBeNull();
});

test('the other policy receives the same attempt, and is not called once the retries are used up', () => {
  const policy = vi.fn(() => 5);
  const limited = atMost(1, policy);
  const first = retry(1);
  limited(first);
  limited(retry(2));
  expect(policy.mock.calls).toStrictEqual([[first]]);
});

test('it stops where the other policy stops', () => {
  expect(atMost(5, stop)(retry(1))).toBeNull();
});

test('wrappers can be nested, and the stricter limit counts', () => {
  const policy = atMost(3, within(1_000, exponential({ base: 1_000, factor: 2, jitter: 'none' })));
  expect(policy(retry(2, { code: 1006 }, { elapsed: 999 }))).toBe(2_000);
  expect(policy(retry(2, { code: 1006 }, { elapsed: 1_000 }))).toBeNull();
  expect(policy(retry(4, { code: 1006 }, { elapsed: 0 }))).toBeNull();
});

test.each([NaN, -1, 1.5, Infinity, 2 ** 53])('atMost(%d, …) throws a RangeError that names times', (times) => {
  expect(() => atMost(times, stop)).toThrow(errorNaming(RangeError, /atMost: times.*an integer, 0 or more/));
});

test('an argument of the wrong type throws a TypeError that names it', () => {
  expect(() => atMost('5' as unknown as number, stop)).toThrow(errorNaming(TypeError, /atMost: times/));
  const atMostWith = (policy: unknown) => () => atMost(5, policy as typeof stop);
  expect(atMostWith(1_000)).toThrow(errorNaming(TypeError, /atMost: policy/));
  expect(atMostWith(undefined)).toThrow(errorNaming(TypeError, /atMost: policy/));
});

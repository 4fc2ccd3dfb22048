import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { after } from '../../src/policy/after.js';
import { atMost } from '../../src/policy/atMost.js';
import { exponential } from '../../src/policy/exponential.js';
import { stop } from '../../src/policy/stop.js';
import { within } from '../../src/policy/within.js';
import { anyAttempt } from './oddNumbers.js';
import { retry } from './retry.js';

test('up to its number of retries it does what the other policy says, then it stops', () => {
  fc.assert(
    fc.property(fc.nat(100), anyAttempt, (times, attempt) => {
      expect(atMost(times, after(5))(retry(attempt))).toBe(attempt > times ? null : 5);
    }),
  );
});

test('zero times is never', () => {
  expect(atMost(0, after(5))(retry(1))).toBeNull();
});

test('the other policy hears all that is known, and is not asked once the retries are used up', () => {
  const policy = vi.fn(() => 5);
  const limited = atMost(1, policy);
  const first = retry(1);
  limited(first);
  limited(retry(2));
  expect(policy.mock.calls).toStrictEqual([[first]]);
});

test('where the other policy stops, it stops', () => {
  expect(atMost(5, stop)(retry(1))).toBeNull();
});

test('wrappers can be put around each other, and the tighter limit counts', () => {
  const policy = atMost(3, within(1_000, exponential({ base: 1_000, factor: 2, jitter: 'none' })));
  expect(policy(retry(2, { code: 1006 }, { elapsed: 999 }))).toBe(2_000);
  expect(policy(retry(2, { code: 1006 }, { elapsed: 1_000 }))).toBeNull();
  expect(policy(retry(4, { code: 1006 }, { elapsed: 0 }))).toBeNull();
});

test.each([NaN, -1, 1.5, Infinity, 2 ** 53])('atMost(%d, …) is a RangeError that says so', (times) => {
  expect(() => atMost(times, stop)).toThrow(
    new RangeError(`atMost(times, policy): times must be an integer of 0 or more, not ${times}`),
  );
});

test('what is of the wrong type is a TypeError that names it', () => {
  expect(() => atMost('5' as unknown as number, stop)).toThrow(
    new TypeError('atMost(times, policy): times must be an integer of 0 or more, not "5"'),
  );
  const given = (policy: unknown) => () => atMost(5, policy as typeof stop);
  expect(given(1_000)).toThrow(new TypeError('atMost(times, policy): policy must be a function, not 1000'));
  expect(given(undefined)).toThrow(new TypeError('atMost(times, policy): policy must be a function, not undefined'));
});

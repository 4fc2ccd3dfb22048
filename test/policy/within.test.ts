import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { after } from '../../src/policy/after.js';
import { stop } from '../../src/policy/stop.js';
import { within } from '../../src/policy/within.js';
import { retry } from './retry.js';

const atElapsed = (elapsed: number, attempt = 1) => retry(attempt, { code: 1006 }, { elapsed });

test('until its time has passed it does what the other policy says, then it stops', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (ms, elapsed) => {
      expect(within(ms, after(5))(atElapsed(elapsed))).toBe(elapsed >= ms ? null : 5);
    }),
  );
});

test('zero milliseconds is never', () => {
  expect(within(0, after(5))(atElapsed(0))).toBeNull();
});

test('a delay that begins in time is given whole, though it ends after the time', () => {
  expect(within(1_000, after(60_000))(atElapsed(999))).toBe(60_000);
});

test('a month may pass, though no timer could wait for one', () => {
  expect(within(30 * 86_400_000, after(5))(atElapsed(29 * 86_400_000))).toBe(5);
});

test('the other policy hears all that is known, and is not asked once the time has passed', () => {
  const policy = vi.fn(() => 5);
  const limited = within(1_000, policy);
  const inTime = atElapsed(0, 3);
  limited(inTime);
  limited(atElapsed(1_000, 4));
  expect(policy.mock.calls).toStrictEqual([[inTime]]);
});

test('where the other policy stops, it stops', () => {
  expect(within(1_000, stop)(atElapsed(0))).toBeNull();
});

test.each([NaN, -1, Infinity, -Infinity])('within(%d, …) is a RangeError that says so', (ms) => {
  expect(() => within(ms, stop)).toThrow(
    new RangeError(`within(ms, policy): ms must be a finite number of milliseconds, 0 or more, not ${ms}`),
  );
});

test('what is of the wrong type is a TypeError that names it', () => {
  expect(() => within('5' as unknown as number, stop)).toThrow(
    new TypeError('within(ms, policy): ms must be a finite number of milliseconds, 0 or more, not "5"'),
  );
  const given = () => within(5, {} as unknown as typeof stop);
  expect(given).toThrow(new TypeError('within(ms, policy): policy must be a function, not an object'));
});

import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { after } from '../../src/policy/after.js';
import { stop } from '../../src/policy/stop.js';
import { within } from '../../src/policy/within.js';
import { errorNaming } from './errorNaming.js';
import { retry } from './retry.js';

const atElapsed = (elapsed: number, attempt = 1) => retry(attempt, { code: 1006 }, { elapsed });

test('it follows the other policy until its time has passed, then it stops', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (ms, elapsed) => {
      expect(within(ms, after(5))(atElapsed(elapsed))).toBe(elapsed >= ms ? null : 5);
    }),
  );
});

test('within(0, …) never reconnects', () => {
  expect(within(0, after(5))(atElapsed(0))).toBeNull();
});

test('a delay that begins in time is not shortened, even if it ends after the time', () => {
  expect(within(1_000, after(60_000))(atElapsed(999))).toBe(60_000);
});

test('the time can be a month, although no timer can wait that long', () => {
  expect(within(30 * 86_400_000, after(5))(atElapsed(29 * 86_400_000))).toBe(5);
});

test('the other policy receives the same attempt, and is not called once the time has passed', () => {
  const policy = vi.fn(() => 5);
  const limited = within(1_000, policy);
  const inTime = atElapsed(0, 3);
  limited(inTime);
  limited(atElapsed(1_000, 4));
  expect(policy.mock.calls).toStrictEqual([[inTime]]);
});

test('it stops where the other policy stops', () => {
  expect(within(1_000, stop)(atElapsed(0))).toBeNull();
});

test.each([NaN, -1, Infinity, -Infinity])('within(%d, …) throws a RangeError that names ms', (ms) => {
  expect(() => within(ms, stop)).toThrow(errorNaming(RangeError, /within: ms.*finite milliseconds, 0 or more/));
});

test('an argument of the wrong type throws a TypeError that names it', () => {
  expect(() => within('5' as unknown as number, stop)).toThrow(errorNaming(TypeError, /within: ms/));
  expect(() => within(5, {} as unknown as typeof stop)).toThrow(errorNaming(TypeError, /within: policy/));
});

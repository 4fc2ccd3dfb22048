import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { between } from '../../src/policy/between.js';
import { anyAttempt, anyChance, anyDelay, canBeWaited, longest } from './oddNumbers.js';
import { retry } from './retry.js';

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  [0, 5_000],
  [0.5, 17_500],
  [0.999_999_999, 29_999],
])('a chance of %d gives its part of the way: %d ms', (chance, delay) => {
  expect(between(5_000, 30_000, { random: () => chance })(retry())).toBe(delay);
});

test('every retry draws anew, whatever its number', () => {
  const chances = [0.1, 0.9, 0.5];
  const policy = between(0, 1_000, { random: () => chances.shift() ?? 0 });
  expect([1, 2, 30].map((attempt) => policy(retry(attempt)))).toStrictEqual([100, 900, 500]);
});

test('the chance is that of Math.random, when none is given', () => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.25);
  expect(between(0, 1_000)(retry())).toBe(250);
  expect(between(0, 1_000, {})(retry())).toBe(250);
  expect(random).toHaveBeenCalledTimes(2);
});

test('two equal bounds leave nothing to chance', () => {
  fc.assert(fc.property(anyDelay, anyChance, (ms, chance) => between(ms, ms, { random: () => chance })(retry()) === ms));
});

test('whatever chance gives, the delay is between the bounds', () => {
  fc.assert(
    fc.property(anyDelay, anyDelay, anyChance, anyAttempt, (a, b, chance, attempt) => {
      const delay = between(Math.min(a, b), Math.max(a, b), { random: () => chance })(retry(attempt));
      expect(canBeWaited(delay)).toBe(true);
      expect(delay).toBeGreaterThanOrEqual(Math.min(a, b));
      expect(delay).toBeLessThanOrEqual(Math.max(a, b));
    }),
  );
});

test('between whole bounds the delay is whole', () => {
  const whole = fc.integer({ min: 0, max: longest });
  fc.assert(
    fc.property(whole, whole, anyChance, (a, b, chance) =>
      Number.isInteger(between(Math.min(a, b), Math.max(a, b), { random: () => chance })(retry())),
    ),
  );
});

test('chance is brought inside its bounds, and what is no number waits the longest', () => {
  const drawn = (chance: unknown) => between(100, 200, { random: () => chance as number })(retry());
  expect([-1, -Infinity, 1, 2, Infinity, NaN, undefined].map(drawn)).toStrictEqual([100, 100, 200, 200, 200, 200, 200]);
});

test.each([
  [NaN, 1, 'min'],
  [-1, 1, 'min'],
  [2 ** 31, 2 ** 31, 'min'],
  [0, NaN, 'max'],
  [0, Infinity, 'max'],
  [0, 2 ** 31, 'max'],
])('between(%d, %d) is a RangeError that names %s', (min, max, name) => {
  expect(() => between(min, max)).toThrow(RangeError);
  expect(() => between(min, max)).toThrow(`between(min, max): ${name} must be a number of milliseconds from 0 to 2147483647`);
});

test('bounds in the wrong order are a RangeError that names both', () => {
  expect(() => between(30, 5)).toThrow(new RangeError('between(min, max): min must not be above max, but 30 is above 5'));
});

test('what is of the wrong type is a TypeError that names it', () => {
  expect(() => between('1' as unknown as number, 2)).toThrow(TypeError);
  expect(() => between(1, undefined as unknown as number)).toThrow(TypeError);
  expect(() => between(1, 2, { random: 0.5 as unknown as () => number })).toThrow(
    new TypeError('between(min, max, options): random must be a function, not 0.5'),
  );
  const given = (options: unknown) => () => between(1, 2, options as object);
  expect(given(Math.random)).toThrow(new TypeError('between(min, max, options): options must be an object, not a function'));
  expect(given(null)).toThrow(new TypeError('between(min, max, options): options must be an object, not null'));
});

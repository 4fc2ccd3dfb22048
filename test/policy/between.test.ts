import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { between } from '../../src/policy/between.js';
import { anyAttempt, anyDelay, anyRandom, isDelay, longest } from './anyNumber.js';
import { errorNaming } from './errorNaming.js';
import { retry } from './retry.js';

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  [0, 5_000],
  [0.5, 17_500],
  [0.999_999_999, 29_999],
])('a random number of %d gives that share of the range: %d ms', (random, delay) => {
  expect(between(5_000, 30_000, { random: () => random })(retry())).toBe(delay);
});

test('every retry draws a new delay, and the number of the retry does not matter', () => {
  const numbers = [0.1, 0.9, 0.5];
  const policy = between(0, 1_000, { random: () => numbers.shift() ?? 0 });
  expect([1, 2, 30].map((attempt) => policy(retry(attempt)))).toStrictEqual([100, 900, 500]);
});

test('the randomness comes from Math.random by default', () => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.25);
  expect(between(0, 1_000)(retry())).toBe(250);
  expect(between(0, 1_000, {})(retry())).toBe(250);
  expect(random).toHaveBeenCalledTimes(2);
});

test('the randomness comes from the attempt where it has a source, and from the option before that', () => {
  const attempt = retry(1, { code: 1012 }, { random: () => 0.5 });
  expect(between(0, 1_000)(attempt)).toBe(500);
  expect(between(0, 1_000, { random: () => 0.75 })(attempt)).toBe(750);
});

test('two equal bounds give that delay', () => {
  fc.assert(fc.property(anyDelay, anyRandom, (ms, random) => between(ms, ms, { random: () => random })(retry()) === ms));
});

test('the delay is between the bounds for any random number', () => {
  fc.assert(
    fc.property(anyDelay, anyDelay, anyRandom, anyAttempt, (a, b, random, attempt) => {
      const delay = between(Math.min(a, b), Math.max(a, b), { random: () => random })(retry(attempt));
      expect(isDelay(delay)).toBe(true);
      expect(delay).toBeGreaterThanOrEqual(Math.min(a, b));
      expect(delay).toBeLessThanOrEqual(Math.max(a, b));
    }),
  );
});

test('whole bounds give whole delays', () => {
  const whole = fc.integer({ min: 0, max: longest });
  fc.assert(
    fc.property(whole, whole, anyRandom, (a, b, random) =>
      Number.isInteger(between(Math.min(a, b), Math.max(a, b), { random: () => random })(retry())),
    ),
  );
});

test('random numbers outside 0 to 1 are clamped, and anything else gives the longest delay', () => {
  const drawn = (random: unknown) => between(100, 200, { random: () => random as number })(retry());
  expect([-1, -Infinity, 1, 2, Infinity, NaN, undefined].map(drawn)).toStrictEqual([100, 100, 200, 200, 200, 200, 200]);
});

test.each([
  [NaN, 1, 'min'],
  [-1, 1, 'min'],
  [2 ** 31, 2 ** 31, 'min'],
  [0, NaN, 'max'],
  [0, Infinity, 'max'],
  [0, 2 ** 31, 'max'],
])('between(%d, %d) throws a RangeError that names %s', (min, max, name) => {
  expect(() => between(min, max)).toThrow(errorNaming(RangeError, new RegExp(`between.*: ${name}`)));
});

test('bounds in the wrong order throw a RangeError that names both', () => {
  expect(() => between(30, 5)).toThrow(errorNaming(RangeError, /between: max .*min/));
});

test('an argument of the wrong type throws a TypeError that names it', () => {
  expect(() => between('1' as unknown as number, 2)).toThrow(errorNaming(TypeError, /between.*: min/));
  expect(() => between(1, undefined as unknown as number)).toThrow(errorNaming(TypeError, /between.*: max/));
  expect(() => between(1, 2, { random: 0.5 as unknown as () => number })).toThrow(errorNaming(TypeError, /between.*: random/));
  const betweenWith = (options: unknown) => () => between(1, 2, options as object);
  expect(betweenWith(Math.random)).toThrow(errorNaming(TypeError, /between.*options/));
  expect(betweenWith(null)).toThrow(errorNaming(TypeError, /between.*options/));
});

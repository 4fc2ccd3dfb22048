import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sequence } from '../../src/policy/sequence.js';
import { anyDelay } from './anyNumber.js';
import { errorNaming } from './errorNaming.js';
import { retry } from './retry.js';

test('retry n waits for the n-th delay, and the policy stops after the last one', () => {
  fc.assert(
    fc.property(fc.array(anyDelay, { minLength: 1 }), (delays) => {
      const policy = sequence(delays);
      const decisions = [...delays.keys(), delays.length, delays.length + 1].map((index) => policy(retry(index + 1)));
      expect(decisions).toStrictEqual([...delays, null, null]);
    }),
  );
});

test('changing the list later changes nothing', () => {
  const delays = [1, 2];
  const policy = sequence(delays);
  delays[0] = NaN;
  delays.push(3);
  expect([1, 2, 3].map((attempt) => policy(retry(attempt)))).toStrictEqual([1, 2, null]);
});

test('an empty list throws a TypeError that names delays', () => {
  expect(() => sequence([])).toThrow(errorNaming(TypeError, /sequence: delays/));
});

test.each([undefined, null, 5, '123', { 0: 1, length: 1 }, new Set([1])] as unknown[])(
  'a value that is not an array throws a TypeError that names delays: case %#',
  (delays) => {
    expect(() => sequence(delays as number[])).toThrow(errorNaming(TypeError, /sequence: delays/));
  },
);

test.each([NaN, -1, Infinity, 2 ** 31])('the element %d throws a RangeError that names its index', (element) => {
  expect(() => sequence([0, element])).toThrow(errorNaming(RangeError, /sequence: delays\[1\]/));
});

test('an element that is not a number, or a hole, throws a TypeError that names its index', () => {
  expect(() => sequence(['5' as unknown as number])).toThrow(errorNaming(TypeError, /sequence: delays\[0\]/));
  const withHole = [1, 2, 3];
  // eslint-disable-next-line @typescript-eslint/no-array-delete -- the test needs a hole
  delete withHole[1];
  expect(() => sequence(withHole)).toThrow(errorNaming(TypeError, /sequence: delays\[1\]/));
});

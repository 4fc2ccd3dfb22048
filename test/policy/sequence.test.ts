import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sequence } from '../../src/policy/sequence.js';
import { anyDelay } from './oddNumbers.js';
import { retry } from './retry.js';

test('retry n waits for the n-th delay, and after the last one it stops', () => {
  fc.assert(
    fc.property(fc.array(anyDelay, { minLength: 1 }), (delays) => {
      const policy = sequence(delays);
      const asked = [...delays.keys(), delays.length, delays.length + 1].map((index) => policy(retry(index + 1)));
      expect(asked).toStrictEqual([...delays, null, null]);
    }),
  );
});

test('a retry that is no number in the list never gives anything but the first delay or a stop', () => {
  const policy = sequence([7, 8]);
  expect([0, -1, 1e9, Infinity, NaN, 1.5].map((attempt) => policy(retry(attempt)))).toStrictEqual([7, 7, null, null, null, null]);
});

test('changing the list later changes nothing', () => {
  const delays = [1, 2];
  const policy = sequence(delays);
  delays[0] = NaN;
  delays.push(3);
  expect([1, 2, 3].map((attempt) => policy(retry(attempt)))).toStrictEqual([1, 2, null]);
});

test('an empty list is refused, and the message names the policy that is meant', () => {
  const message = 'sequence(delays): delays must not be empty: `stop` is the policy that never reconnects';
  expect(() => sequence([])).toThrow(new TypeError(message));
});

test.each([undefined, null, 5, '123', { 0: 1, length: 1 }, new Set([1])] as unknown[])('what is no list is refused: case %#', (delays) => {
  expect(() => sequence(delays as number[])).toThrow(TypeError);
  expect(() => sequence(delays as number[])).toThrow('sequence(delays): delays must be an array, not ');
});

test.each([NaN, -1, Infinity, 2 ** 31])('the element %d is a RangeError that names its place', (element) => {
  expect(() => sequence([0, element])).toThrow(
    new RangeError(`sequence(delays): delays[1] must be a number of milliseconds from 0 to 2147483647, not ${element}`),
  );
});

test('an element that is no number, or a hole, is a TypeError that names its place', () => {
  expect(() => sequence(['5' as unknown as number])).toThrow(TypeError);
  expect(() => sequence(['5' as unknown as number])).toThrow('delays[0]');
  const withHole = [1, 2, 3];
  // eslint-disable-next-line @typescript-eslint/no-array-delete -- a hole is what is tested
  delete withHole[1];
  expect(() => sequence(withHole)).toThrow('delays[1] must be a number of milliseconds from 0 to 2147483647, not undefined');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { after } from '../../src/policy/after.js';
import { stop } from '../../src/policy/stop.js';
import { anyAttempt, anyDelay } from './oddNumbers.js';
import { retry } from './retry.js';

test('stop never reconnects', () => {
  fc.assert(fc.property(anyAttempt, (attempt) => stop(retry(attempt)) === null));
});

test('after waits for the same time before every retry', () => {
  fc.assert(fc.property(anyDelay, anyAttempt, (ms, attempt) => after(ms)(retry(attempt)) === ms));
  expect(Object.is(after(-0)(retry()), 0)).toBe(true);
});

test.each([NaN, -1, -Infinity, Infinity, 2 ** 31])('after(%d) is a RangeError that says so', (ms) => {
  expect(() => after(ms)).toThrow(new RangeError(`after(ms): ms must be a number of milliseconds from 0 to 2147483647, not ${ms}`));
});

test.each([
  [undefined, 'undefined'],
  [null, 'null'],
  ['500', '"500"'],
  [500n, '500n'],
  [{}, 'an object'],
] as [unknown, string][])('after(…) of what is no number is a TypeError that says so: case %#', (ms, shown) => {
  expect(() => after(ms as number)).toThrow(
    new TypeError(`after(ms): ms must be a number of milliseconds from 0 to 2147483647, not ${shown}`),
  );
});

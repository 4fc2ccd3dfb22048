import fc from 'fast-check';
import { expect, test } from 'vitest';
import { after } from '../../src/policy/after.js';
import { stop } from '../../src/policy/stop.js';
import { anyAttempt, anyDelay } from './anyNumber.js';
import { errorNaming } from './errorNaming.js';
import { retry } from './retry.js';

test('stop never reconnects', () => {
  fc.assert(fc.property(anyAttempt, (attempt) => stop(retry(attempt)) === null));
});

test('after waits for the same time before every retry', () => {
  fc.assert(fc.property(anyDelay, anyAttempt, (ms, attempt) => after(ms)(retry(attempt)) === ms));
  expect(Object.is(after(-0)(retry()), 0)).toBe(true);
});

test.each([NaN, -1, -Infinity, Infinity, 2 ** 31])('after(%d) throws a RangeError that names ms', (ms) => {
  expect(() => after(ms)).toThrow(errorNaming(RangeError, /after: ms/));
});

test.each([undefined, null, '500', 500n, {}] as unknown[])('after() throws a TypeError that names ms when it is not a number: case %#', (ms) => {
  expect(() => after(ms as number)).toThrow(errorNaming(TypeError, /after: ms/));
});

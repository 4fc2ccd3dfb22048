import fc from 'fast-check';
import { expect, test } from 'vitest';
import { showValue } from '../../src/close/showValue.js';

test.each([
  ['1000', '"1000"'],
  ['a\nb', '"a\\nb"'],
  [NaN, 'NaN'],
  [1.5, '1.5'],
  [10n, '10n'],
  [true, 'true'],
  [null, 'null'],
  [undefined, 'undefined'],
  [[1], 'object'],
  [{}, 'object'],
  [() => 0, 'function'],
  [Symbol('x'), 'symbol'],
] as [unknown, string][])('it shows a value in short: case %#: %s', (value, shown) => {
  expect(showValue(value)).toBe(shown);
});

test('it shows any value on one short line and calls nothing of the value\'s own', () => {
  const throwing = new Proxy({}, { get: () => { throw new Error('a property was read'); } });
  expect(showValue(throwing)).toBe('object');
  fc.assert(fc.property(fc.anything(), (value) => /^.{1,400}$/u.test(showValue(value))));
  expect(showValue('x'.repeat(1000))).toBe(`"${'x'.repeat(40)}"`);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { showValue } from '../../src/close/showValue.js';

test.each([
  ['1000', '"1000"'],
  ['a\nb', '"a\\nb"'],
  [-0, '-0'],
  [NaN, 'NaN'],
  [1.5, '1.5'],
  [10n, '10n'],
  [true, 'true'],
  [null, 'null'],
  [undefined, 'undefined'],
  [[1], 'an array'],
  [{}, 'an object'],
  [() => 0, 'a function'],
  [Symbol('x'), 'a symbol'],
] as [unknown, string][])('case %#: %s', (value, shown) => {
  expect(showValue(value)).toBe(shown);
});

test('whatever it is, it is shown on one short line without calling anything of its own', () => {
  const hostile = new Proxy({}, { get: () => { throw new Error('looked at'); } });
  expect(showValue(hostile)).toBe('an object');
  fc.assert(fc.property(fc.anything(), (value) => /^.{1,400}$/u.test(showValue(value))));
  expect(showValue('x'.repeat(1000))).toBe(`"${'x'.repeat(40)}…"`);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSendableCloseCode } from '../../src/close/isSendableCloseCode.js';

test('of all codes that fit into two bytes, your code may send 1000 and 3000 to 4999', () => {
  const sendable = Array.from({ length: 65_536 }, (_, code) => code).filter(isSendableCloseCode);
  expect(sendable[0]).toBe(1000);
  expect(sendable.slice(1)).toStrictEqual(Array.from({ length: 2000 }, (_, i) => 3000 + i));
});

test('your code may not send a number that is not an integer', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 6000 }).filter((code) => !Number.isInteger(code)),
      (code) => !isSendableCloseCode(code),
    ),
  );
  expect([NaN, Infinity, -Infinity].some(isSendableCloseCode)).toBe(false);
});

test('your code may not send a value that is not a number, even if it converts to a valid code', () => {
  fc.assert(
    fc.property(
      fc.anything().filter((value) => typeof value !== 'number'),
      (value) => !isSendableCloseCode(value),
    ),
  );
  expect(['1000', 1000n, [1000], { valueOf: () => 1000 }, new Number(1000), true, null, undefined].some(isSendableCloseCode)).toBe(false);
});

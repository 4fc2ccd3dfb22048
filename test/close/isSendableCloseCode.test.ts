import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSendableCloseCode } from '../../src/close/isSendableCloseCode.js';

test('of all the codes that fit into two bytes, 1000 and those from 3000 to 4999 may be sent', () => {
  const sendable = Array.from({ length: 65_536 }, (_, code) => code).filter(isSendableCloseCode);
  expect(sendable[0]).toBe(1000);
  expect(sendable.slice(1)).toStrictEqual(Array.from({ length: 2000 }, (_, i) => 3000 + i));
});

test('a number that is not an integer may not be sent', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 6000 }).filter((code) => !Number.isInteger(code)),
      (code) => !isSendableCloseCode(code),
    ),
  );
  expect([NaN, Infinity, -Infinity].some(isSendableCloseCode)).toBe(false);
});

test('nothing but a number may be sent, whatever it would convert to', () => {
  fc.assert(
    fc.property(
      fc.anything().filter((value) => typeof value !== 'number'),
      (value) => !isSendableCloseCode(value),
    ),
  );
  expect(['1000', 1000n, [1000], { valueOf: () => 1000 }, new Number(1000), true, null, undefined].some(isSendableCloseCode)).toBe(false);
});

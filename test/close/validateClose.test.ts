import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { validateClose } from '../../src/close/validateClose.js';

function thrownBy(code: unknown, reason?: unknown): unknown {
  try {
    validateClose(code, reason);
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** A value whose conversion to a string throws. */
const unconvertible = {
  toString(): string {
    throw new Error('the value was converted');
  },
};

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('S4: the code', () => {
  test('a missing code means 1000', () => {
    expect(validateClose(undefined, undefined)).toStrictEqual({ code: 1000, reason: '' });
    expect(validateClose(undefined, 'bye')).toStrictEqual({ code: 1000, reason: 'bye' });
  });

  test('1000 and every integer from 3000 to 4999 pass unchanged', () => {
    const sendable = fc.oneof(fc.constant(1000), fc.integer({ min: 3000, max: 4999 }));
    fc.assert(fc.property(sendable, (code) => validateClose(code, undefined).code === code));
  });

  test('every other integer throws an InvalidAccessError', () => {
    const other = fc.integer().filter((code) => code !== 1000 && (code < 3000 || code > 4999));
    fc.assert(fc.property(other, (code) => (thrownBy(code) as DOMException).name === 'InvalidAccessError'));
  });

  test.each([0, 999, 1001, 1004, 1005, 1006, 1015, 2999, 5000, 65_536 + 1000, 1000.5, 2999.5, 4999.5, NaN, Infinity, -1000])(
    'the number %d throws an InvalidAccessError',
    (code) => {
      expect(thrownBy(code)).toBeInstanceOf(DOMException);
      expect(thrownBy(code)).toMatchObject({ name: 'InvalidAccessError', code: DOMException.INVALID_ACCESS_ERR });
    },
  );

  test.each([
    ['a string', '1000'],
    ['an empty string', ''],
    ['null', null],
    ['a bigint', 1000n],
    ['a boolean', true],
    ['a symbol', Symbol('1000')],
    ['a number in an object', new Number(1000)],
    ['an object with a conversion', { valueOf: () => 1000 }],
    ['an array', [1000]],
    ['a function', () => 1000],
  ])('%s throws an InvalidAccessError', (_, code) => {
    expect(thrownBy(code)).toMatchObject({ name: 'InvalidAccessError' });
  });

  test.each([1001, '1000', Symbol('x'), unconvertible])('the message names the code, which is not converted: case %#', (code) => {
    expect(thrownBy(code)).toMatchObject({ name: 'InvalidAccessError', message: expect.stringMatching(/close code/) as string });
  });

  test('is checked first: with an invalid code the reason is not converted', () => {
    expect(thrownBy(999, 'a'.repeat(124))).toMatchObject({ name: 'InvalidAccessError' });
    expect(thrownBy(999, unconvertible)).toMatchObject({ name: 'InvalidAccessError' });
  });
});

describe('S4: the reason', () => {
  test.each([
    ['123 letters', 'a'.repeat(123)],
    ['41 euro signs', '€'.repeat(41)],
    ['30 plug emoji', '🔌'.repeat(30)],
    ['an empty string', ''],
  ])('%s: accepted', (_, reason) => {
    expect(validateClose(1000, reason)).toStrictEqual({ code: 1000, reason });
  });

  test.each([
    ['124 letters', 'a'.repeat(124), 124],
    ['42 euro signs', '€'.repeat(42), 126],
    ['31 plug emoji', '🔌'.repeat(31), 124],
    ['42 lone surrogates', '\uD807'.repeat(42), 126],
  ])('%s throw a SyntaxError that names the number of bytes', (_, reason, bytes) => {
    expect(thrownBy(1000, reason)).toBeInstanceOf(DOMException);
    expect(thrownBy(1000, reason)).toMatchObject({
      name: 'SyntaxError',
      code: DOMException.SYNTAX_ERR,
      message: expect.stringMatching(`close reason.*\\b${bytes}\\b`) as string,
    });
  });

  test('is checked without a code too', () => {
    expect(thrownBy(undefined, 'a'.repeat(124))).toMatchObject({ name: 'SyntaxError' });
  });

  test('passes, made well-formed, exactly when an encoder writes at most 123 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 130 }), fc.nat(4), (text, lone) => {
        const reason = text + '\uDBFF'.repeat(lone);
        const encoded = new TextEncoder().encode(reason);
        if (encoded.length > 123) {
          expect(thrownBy(4000, reason)).toMatchObject({ name: 'SyntaxError' });
        } else {
          expect(new TextEncoder().encode(validateClose(4000, reason).reason)).toStrictEqual(encoded);
          expect(validateClose(4000, reason).reason).toBe(text + '\uFFFD'.repeat(lone));
        }
      }),
    );
  });

  test.each([
    [null, 'null'],
    [5, '5'],
    [{}, '[object Object]'],
    [{ toString: () => 'x' }, 'x'],
    [new Uint8Array([104, 105]), '104,105'],
    [Symbol('bye'), 'Symbol(bye)'],
    [12n, '12'],
  ])('is converted by String(): case %#', (reason, text) => {
    expect(validateClose(3000, reason)).toStrictEqual({ code: 3000, reason: text });
  });

  test('throws the error of its own conversion', () => {
    const own = new Error('no string of me');
    const reason = {
      toString(): string {
        throw own;
      },
    };
    expect(thrownBy(1000, reason)).toBe(own);
    expect(thrownBy(1000, Object.create(null))).toBeInstanceOf(TypeError);
  });

  test('is converted only once', () => {
    const toString = vi.fn(() => 'bye');
    validateClose(1000, { toString });
    expect(toString).toHaveBeenCalledTimes(1);
  });
});

test('S4: without DOMException, an Error with the same name and message is thrown', () => {
  vi.stubGlobal('DOMException', undefined);
  expect(thrownBy(1001)).toBeInstanceOf(Error);
  expect(thrownBy(1001)).toMatchObject({ name: 'InvalidAccessError', message: expect.stringContaining('1001') as string });
  expect(thrownBy(1000, 'a'.repeat(124))).toMatchObject({ name: 'SyntaxError' });
});

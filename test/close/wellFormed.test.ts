import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8ByteLength } from '../../src/close/utf8ByteLength.js';
import { wellFormed } from '../../src/close/wellFormed.js';

/** Any sequence of UTF-16 code units. A third of them are surrogates. */
const anyUnits = fc
  .array(fc.oneof(fc.integer({ min: 0xd800, max: 0xdfff }), fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 0x7f })))
  .map((units) => String.fromCharCode(...units));

test('S4: a lone surrogate becomes U+FFFD, at any position', () => {
  expect(wellFormed('\uD807')).toBe('\uFFFD');
  expect(wellFormed('a\uDC00b')).toBe('a\uFFFDb');
  expect(wellFormed('\uDC00\uD800')).toBe('\uFFFD\uFFFD');
  expect(wellFormed('\uD83D\uD83D\uDD0C')).toBe('\uFFFD🔌');
});

test('S4: a pair of surrogates stays unchanged', () => {
  expect(wellFormed('a🔌b')).toBe('a🔌b');
});

test('S4: the result is the text after encoding to UTF-8 and decoding it again', () => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  fc.assert(fc.property(anyUnits, (text) => wellFormed(text) === decoder.decode(new TextEncoder().encode(text))));
});

test('S4: utf8ByteLength returns the number of bytes that an encoder writes', () => {
  fc.assert(fc.property(anyUnits, (text) => utf8ByteLength(text) === new TextEncoder().encode(text).length));
  expect(utf8ByteLength('')).toBe(0);
  expect(utf8ByteLength('aé€🔌\uD800')).toBe(1 + 2 + 3 + 4 + 3);
  const ends = [0, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x1_0000, 0x10_ffff];
  expect(ends.map((codePoint) => utf8ByteLength(String.fromCodePoint(codePoint)))).toStrictEqual([1, 1, 2, 2, 3, 3, 4, 4]);
});

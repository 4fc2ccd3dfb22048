import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8ByteLength } from '../../src/close/utf8ByteLength.js';
import { wellFormed } from '../../src/close/wellFormed.js';

/** Any sequence of UTF-16 units, with surrogates as likely as everything else. */
const anyUnits = fc
  .array(fc.oneof(fc.integer({ min: 0xd800, max: 0xdfff }), fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 0x7f })))
  .map((units) => String.fromCharCode(...units));

test('S4: a lone surrogate becomes U+FFFD, wherever it stands', () => {
  expect(wellFormed('\uD807')).toBe('\uFFFD');
  expect(wellFormed('a\uDC00b')).toBe('a\uFFFDb');
  expect(wellFormed('\uDC00\uD800')).toBe('\uFFFD\uFFFD');
  expect(wellFormed('\uD83D\uD83D\uDD0C')).toBe('\uFFFD🔌');
});

test('S4: a pair of surrogates stays what it is', () => {
  expect(wellFormed('a🔌b')).toBe('a🔌b');
});

test('S4: any text becomes what UTF-8 and back makes of it', () => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  fc.assert(fc.property(anyUnits, (text) => wellFormed(text) === decoder.decode(new TextEncoder().encode(text))));
});

test('S4: the bytes that are counted are the bytes that an encoder writes', () => {
  fc.assert(fc.property(anyUnits, (text) => utf8ByteLength(text) === new TextEncoder().encode(text).length));
  expect(utf8ByteLength('')).toBe(0);
  expect(utf8ByteLength('aé€🔌\uD800')).toBe(1 + 2 + 3 + 4 + 3);
  const ends = [0, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x1_0000, 0x10_ffff];
  expect(ends.map((codePoint) => utf8ByteLength(String.fromCodePoint(codePoint)))).toStrictEqual([1, 1, 2, 2, 3, 3, 4, 4]);
});

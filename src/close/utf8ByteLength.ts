/**
 * Returns how many bytes the text takes in UTF-8; a lone surrogate counts as U+FFFD (3 bytes).
 *
 * It counts without encoding, so it copies nothing and needs no `TextEncoder`. Never throws.
 *
 * @param text - any string
 *
 * @internal
 */
export function utf8ByteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}

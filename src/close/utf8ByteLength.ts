/**
 * How many bytes the text takes in UTF-8, a lone surrogate counted as U+FFFD (3 bytes).
 *
 * Counted without encoding, so that the text is neither copied nor a `TextEncoder` needed. Never throws.
 *
 * @param text - any string
 *
 * @internal
 */
export function utf8ByteLength(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const codePoint = text.codePointAt(i) ?? 0;
    if (codePoint < 0x80) bytes += 1;
    else if (codePoint < 0x800) bytes += 2;
    else if (codePoint < 0x1_0000) bytes += 3;
    else {
      bytes += 4;
      i++; // the other half of the pair
    }
  }
  return bytes;
}

/**
 * Returns the text with every lone surrogate replaced by U+FFFD, as `String.prototype.toWellFormed` does where it exists (S4).
 *
 * A lone surrogate cannot be written in UTF-8: the standard converts a close reason to a `USVString`, which is this
 * (WHATWG WebSockets, `close()`; Web IDL, "USVString"). Never throws.
 *
 * @param text - any string
 *
 * @internal
 */
export function wellFormed(text: string): string {
  // With the `u` flag a surrogate that is half of a pair does not match on its own, so only the lone ones do.
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

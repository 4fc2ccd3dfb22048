/**
 * A cause in words: what `String()` makes of it, or a phrase where that throws. Never throws.
 *
 * @param cause - anything that was thrown
 *
 * @internal
 */
export function showCause(cause: unknown): string {
  try {
    return String(cause);
  } catch {
    return 'something that cannot be shown';
  }
}

/**
 * A cause as text: `String(cause)`, or a phrase where that throws. Never throws.
 *
 * @param cause - anything that was thrown
 *
 * @internal
 */
export function showCause(cause: unknown): string {
  try {
    return String(cause);
  } catch {
    return 'an unprintable value';
  }
}

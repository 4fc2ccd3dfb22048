/**
 * Returns the code or the name of a cause, since its message may hold a URL or a frame, and with them secrets. The message of a `WebSocketTimeoutError` is
 * the library's own. `''` if there is nothing to print. Never throws.
 *
 * @param cause - anything that was thrown
 *
 * @internal
 */
export function showCause(cause: unknown): string {
  try {
    const { code, message, name } = Object(cause) as Readonly<Record<string, unknown>>;
    const shown = name === 'WebSocketTimeoutError' ? message : typeof code === 'string' ? code : name;
    return typeof shown === 'string' ? shown : '';
  } catch {
    // It throws when it is read.
    return '';
  }
}

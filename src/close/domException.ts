/**
 * Makes a `DOMException`, or, if the platform has none (React Native), an `Error` with the same name and message.
 *
 * @internal
 */
export function domException(message: string, name: string): Error {
  return typeof DOMException === 'function' ? new DOMException(message, name) : Object.assign(new Error(message), { name });
}

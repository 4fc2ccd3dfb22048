/** React Native has no `DOMException`: there an `Error` of the same name and message says the same. */
export function domException(message: string, name: string): Error {
  return typeof DOMException === 'function' ? new DOMException(message, name) : Object.assign(new Error(message), { name });
}

/**
 * Returns whether your code may send this close code: 1000, or an integer from 3000 to 4999.
 *
 * The rule is that of the WHATWG WebSockets Standard, `close()`, with one difference: the standard rounds fractions and converts the string `'1000'` to a
 * number. This function accepts integers only, because browsers do not agree on the rounding. Never throws.
 *
 * @param code - anything
 *
 * @example
 * ```ts
 * import { isSendableCloseCode } from 'websocket-subject';
 *
 * isSendableCloseCode(4401); // => true
 * isSendableCloseCode(1001); // => false
 * isSendableCloseCode('1000'); // => false
 * ```
 */
export function isSendableCloseCode(code: unknown): code is number {
  return code === 1000 || (Number.isInteger(code) && (code as number) >= 3000 && (code as number) <= 4999);
}

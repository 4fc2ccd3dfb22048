import { Buffer } from 'node:buffer';

const neverSent = new Set([1004, 1005, 1006]);

/**
 * Returns why a server cannot send this in a Close frame, or null if it can.
 * @param {unknown} code
 * @param {unknown} reason
 * @returns {string | null}
 */
export function closeProblem(code, reason) {
  if (typeof code !== 'number' || !Number.isInteger(code)) return 'A close code is a whole number.';
  const registered = code >= 1000 && code <= 1014 && !neverSent.has(code);
  if (!registered && (code < 3000 || code > 4999)) {
    return `A server cannot send ${code}: only 1000–1003, 1007–1014 and 3000–4999 go into a Close frame.`;
  }
  if (typeof reason !== 'string') return 'A reason is a text.';
  const bytes = Buffer.byteLength(reason);
  return bytes > 123 ? `A reason has at most 123 bytes; this one has ${bytes}.` : null;
}

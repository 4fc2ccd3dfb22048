/** Written with bare numbers: a bundler keeps an object with computed keys even where nothing uses it. */
const names: Readonly<Record<number, string>> = {
  1000: 'Normal Closure',
  1001: 'Going Away',
  1002: 'Protocol Error',
  1003: 'Unsupported Data',
  1004: 'Reserved',
  1005: 'No Status Received',
  1006: 'Abnormal Closure',
  1007: 'Invalid Frame Payload Data',
  1008: 'Policy Violation',
  1009: 'Message Too Big',
  1010: 'Mandatory Extension',
  1011: 'Internal Error',
  1012: 'Service Restart',
  1013: 'Try Again Later',
  1014: 'Bad Gateway',
  1015: 'TLS Handshake',
  3000: 'Unauthorized',
  3003: 'Forbidden',
  3008: 'Timeout',
};

/**
 * Returns a short name for any close code, for people to read.
 *
 * A code of the IANA registry has its registered name; any other has the name of its range in RFC 6455 §7.4.2: `'not used'` (0–999),
 * `'unassigned'` (rest of 1000–2999), `'library or framework code'` (rest of 3000–3999), `'private use'` (4000–4999). Everything
 * else, fractions and `NaN` included, is `'not a close code'`. Never throws. Do not compare the names: a release may change them.
 *
 * @param code - the close code, as on `CloseEvent.code`
 *
 * @example
 * ```ts
 * import { describeCloseCode } from 'websocket-subject';
 *
 * describeCloseCode(1012); // => 'Service Restart'
 * describeCloseCode(4401); // => 'private use'
 * describeCloseCode(5000); // => 'not a close code'
 * ```
 */
export function describeCloseCode(code: number): string {
  if (!Number.isInteger(code) || code < 0 || code > 4999) return 'not a close code';
  const name = names[code];
  if (name !== undefined) return name;
  if (code < 1000) return 'not used';
  if (code < 3000) return 'unassigned';
  return code < 4000 ? 'library or framework code' : 'private use';
}

import { CloseCode } from './CloseCode.js';

const names: Readonly<Record<number, string>> = {
  [CloseCode.NormalClosure]: 'Normal Closure',
  [CloseCode.GoingAway]: 'Going Away',
  [CloseCode.ProtocolError]: 'Protocol Error',
  [CloseCode.UnsupportedData]: 'Unsupported Data',
  1004: 'Reserved',
  [CloseCode.NoStatusReceived]: 'No Status Received',
  [CloseCode.AbnormalClosure]: 'Abnormal Closure',
  [CloseCode.InvalidFramePayloadData]: 'Invalid Frame Payload Data',
  [CloseCode.PolicyViolation]: 'Policy Violation',
  [CloseCode.MessageTooBig]: 'Message Too Big',
  [CloseCode.MandatoryExtension]: 'Mandatory Extension',
  [CloseCode.InternalError]: 'Internal Error',
  [CloseCode.ServiceRestart]: 'Service Restart',
  [CloseCode.TryAgainLater]: 'Try Again Later',
  [CloseCode.BadGateway]: 'Bad Gateway',
  [CloseCode.TLSHandshake]: 'TLS Handshake',
  [CloseCode.Unauthorized]: 'Unauthorized',
  [CloseCode.Forbidden]: 'Forbidden',
  [CloseCode.Timeout]: 'Timeout',
};

/**
 * A short name for any close code, to be read by a person.
 *
 * A code of the IANA registry has its registered name; any other has the name of its range in RFC 6455 §7.4.2: `'not used'` (0–999),
 * `'unassigned'` (rest of 1000–2999), `'library or framework code'` (rest of 3000–3999), `'private use'` (4000–4999). Everything
 * else, fractions and `NaN` included, is `'not a close code'`. Never throws. Do not compare the names: a release may better them.
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

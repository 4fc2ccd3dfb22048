import { expect, test } from 'vitest';
import { CloseCode } from '../../src/close/CloseCode.js';
import { describeCloseCode } from '../../src/close/describeCloseCode.js';

test('every name has its number from the IANA registry', () => {
  expect(CloseCode).toStrictEqual({
    NormalClosure: 1000,
    GoingAway: 1001,
    ProtocolError: 1002,
    UnsupportedData: 1003,
    NoStatusReceived: 1005,
    AbnormalClosure: 1006,
    InvalidFramePayloadData: 1007,
    PolicyViolation: 1008,
    MessageTooBig: 1009,
    MandatoryExtension: 1010,
    InternalError: 1011,
    ServiceRestart: 1012,
    TryAgainLater: 1013,
    BadGateway: 1014,
    TLSHandshake: 1015,
    Unauthorized: 3000,
    Forbidden: 3003,
    Timeout: 3008,
  });
});

test('describeCloseCode returns the name of a named code in words', () => {
  for (const [name, code] of Object.entries(CloseCode)) {
    expect(describeCloseCode(code).replaceAll(' ', '')).toBe(name);
  }
});

test.each([
  [0, 'not used'],
  [999, 'not used'],
  [1004, 'Reserved'],
  [1016, 'unassigned'],
  [2999, 'unassigned'],
  [3001, 'library or framework code'],
  [3999, 'library or framework code'],
  [4000, 'private use'],
  [4401, 'private use'],
  [4999, 'private use'],
  [5000, 'not a close code'],
  [65_535, 'not a close code'],
  [-1, 'not a close code'],
  [1000.5, 'not a close code'],
  [NaN, 'not a close code'],
  [Infinity, 'not a close code'],
])('describeCloseCode(%d) returns "%s"', (code, description) => {
  expect(describeCloseCode(code)).toBe(description);
});

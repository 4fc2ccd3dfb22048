import { describe, expect, test } from 'vitest';
import { HandshakeRefusedError } from '../../src/close/HandshakeRefusedError.js';
import { codePolicy } from '../../src/policy/codePolicy.js';
import { after } from '../../src/policy/after.js';
import { deliveredEvent } from '../close/deliveredEvent.js';
import { retry } from './retry.js';

/** Decides about the n-th end in a row with this status, at retry m; without a random part. */
const decide = (httpStatus: number | null, repeats: number, { attempt = repeats, retryAfter = null as number | null, table = {} } = {}): number | null => {
  const cause = httpStatus === null ? undefined : new HandshakeRefusedError(httpStatus, {}, '', retryAfter);
  return codePolicy(table)({ ...retry(attempt), closeEvent: deliveredEvent({ opened: false, httpStatus, cause }), repeats, random: () => 1 });
};

describe('after a refused handshake, by default', () => {
  const dropped = (attempt: number): number | null => decide(null, 1, { attempt });

  test.each([401, 403])('the first two %d in a row are retried as a drop is, the third stops', (status) => {
    expect([1, 2, 3, 4].map((repeats) => decide(status, repeats))).toEqual([dropped(1), dropped(2), null, null]);
  });

  test('a 401 after five attempts that found no server is the first one', () => {
    expect(decide(401, 1, { attempt: 6 })).toBe(dropped(6));
  });

  test.each([301, 400, 404, 429, 500, 502, 503])('%d is retried as a drop is, however often it comes', (status) => {
    expect([1, 3, 50].map((repeats) => decide(status, repeats))).toEqual([1, 3, 50].map(dropped));
  });

  test('any number of drops in a row is retried', () => {
    expect(decide(null, 50, { attempt: 50 })).toBe(dropped(50));
  });

  test('the wait is what Retry-After asks for, at most ten minutes', () => {
    expect(decide(503, 4, { retryAfter: 30_000 })).toBe(36_000);
    expect(decide(429, 4, { retryAfter: 0 })).toBe(1_200);
    expect(decide(503, 1, { retryAfter: 86_400_000 })).toBe(600_000);
  });

  test('an entry of a table for 1006 takes the place of all this', () => {
    expect(decide(401, 9, { table: { 1006: after(5) } })).toBe(5);
    expect(decide(503, 1, { retryAfter: 30_000, table: { '1000-1999': after(5) } })).toBe(5);
  });
});

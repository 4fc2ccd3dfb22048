import { afterEach, describe, expect, test, vi } from 'vitest';
import { after } from '../../src/policy/after.js';
import { codePolicy, type CodeTable } from '../../src/policy/codePolicy.js';
import { stop } from '../../src/policy/stop.js';
import { errorNaming } from './errorNaming.js';
import { retry } from './retry.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Returns the shortest and the longest delay before retry n after this close, or `null` where the policy stops. */
function delaysOf(policy: ReturnType<typeof codePolicy>, code: number, attempt = 1, wasClean = true, reason = ''): [number, number] | null {
  const bounds = [0, 1].map((random) => {
    vi.spyOn(Math, 'random').mockReturnValue(random);
    return policy(retry(attempt, { code, wasClean, reason }));
  });
  const [least, most] = bounds;
  return typeof least === 'number' && typeof most === 'number' ? [least, most] : null;
}

describe('by default', () => {
  const policy = codePolicy();

  test.each([
    [1001, 'going away', [0, 5_000]],
    [1005, 'no status received', [0, 5_000]],
    [1011, 'internal error', [0, 1_000]],
    [1012, 'service restart', [5_000, 30_000]],
    [1013, 'try again later', [30_000, 60_000]],
    [1014, 'bad gateway', [0, 1_000]],
    [3008, 'timeout', [0, 1_000]],
  ])('%d, %s, is retried, first after a random delay of %j ms', (code, _, bounds) => {
    expect(delaysOf(policy, code)).toStrictEqual(bounds);
  });

  test('a dropped connection is retried with a backoff, without a limit', () => {
    const bounds = [1, 2, 3, 4, 100].map((attempt) => delaysOf(policy, 1006, attempt, false));
    expect(bounds).toStrictEqual([[0, 1_000], [0, 4_300], [0, 13_116], [0, 40_000], [0, 40_000]]);
  });

  test.each([1014, 3008])('%d is retried with the same backoff, without a limit', (code) => {
    const bounds = [2, 3, 100].map((attempt) => delaysOf(policy, code, attempt));
    expect(bounds).toStrictEqual([[0, 4_300], [0, 13_116], [0, 40_000]]);
  });

  test('1011 is retried with the same backoff, five times', () => {
    expect([2, 5, 6, 100].map((attempt) => delaysOf(policy, 1011, attempt))).toStrictEqual([[0, 4_300], [0, 40_000], null, null]);
  });

  test.each([1001, 1005, 1012, 1013])('the delay after %d does not grow', (code) => {
    expect(delaysOf(policy, code, 50)).toStrictEqual(delaysOf(policy, code, 1));
  });

  test.each([1001, 1012, 1013])('%d is retried after the delay that its reason asks for, at most ten minutes', (code) => {
    expect(delaysOf(policy, code, 1, true, 'deploy; spread=10..60')).toStrictEqual([10_000, 60_000]);
    expect(delaysOf(policy, code, 3, true, 'retry-after=90')).toStrictEqual([90_000, 90_000]);
    expect(delaysOf(policy, code, 1, true, 'retry-after=86400')).toStrictEqual([600_000, 600_000]);
    expect(delaysOf(policy, code, 1, true, 'spread=60..10')).toStrictEqual(delaysOf(policy, code));
  });

  test.each([1011, 1014, 3008])('the reason of %d does not change the delay', (code) => {
    expect(delaysOf(policy, code, 2, true, 'spread=100..200')).toStrictEqual([0, 4_300]);
  });

  test('no reason makes the client retry after a code that stops', () => {
    const stopping = [1000, 1002, 1003, 1007, 1008, 1009, 1010, 1015, 3000, 3003, 4000, 4999];
    expect(stopping.filter((code) => policy(retry(1, { code, wasClean: true, reason: 'retry-after=1' })) !== null)).toStrictEqual([]);
  });

  test('every other code that can arrive stops', () => {
    const retried = [1001, 1005, 1006, 1011, 1012, 1013, 1014, 3008];
    const actual = Array.from({ length: 65_536 }, (_, code) => code).filter((code) => policy(retry(1, { code, wasClean: true })) !== null);
    expect(actual).toStrictEqual(retried);
  });
});

describe('an unclean close', () => {
  test('with code 0 counts as 1006', () => {
    expect(delaysOf(codePolicy(), 0, 2, false)).toStrictEqual([0, 4_300]);
    expect(codePolicy({ 1006: after(7) })(retry(1, { code: 0 }))).toBe(7);
    expect(codePolicy({ '1005-1007': after(7) })(retry(1, { code: 0 }))).toBe(7);
    expect(codePolicy({ 1006: stop })(retry(1, { code: 0 }))).toBeNull();
    expect(codePolicy({ 0: after(7) })(retry(1, { code: 0 }))).not.toBe(7);
  });

  test('with any other code counts as that code', () => {
    expect(codePolicy()(retry(1, { code: 1000, wasClean: false }))).toBeNull();
    expect(codePolicy({ 4401: after(7) })(retry(1, { code: 4401, wasClean: false }))).toBe(7);
  });
});

describe('a Close of ours', () => {
  const answered = (given: Parameters<typeof codePolicy>[0], code: number, sent: number | null): number | null => {
    const { closeEvent, ...rest } = retry(1, { code, wasClean: code !== 1006 });
    return codePolicy(given)({ ...rest, closeEvent: Object.assign(closeEvent, { sent: sent === null ? null : { code: sent, reason: '' } }) });
  };

  test.each([1000, 1005, 1006, 1012, 4401])('that the server answers with %d counts as the code that we sent', (code) => {
    expect(answered({}, code, 4401)).toBeNull();
    expect(answered({ 4401: after(7), [code]: after(8) }, code, 4401)).toBe(code === 4401 ? 8 : 7);
    expect(answered({ '4400-4499': after(7) }, code, 4401)).toBe(7);
  });

  test('that was not sent leaves the code of the server', () => {
    expect(answered({ 4401: stop, 1012: after(7) }, 1012, null)).toBe(7);
  });
});

test('a clean close with code 0 does not count as 1006', () => {
  expect(codePolicy()(retry(1, { code: 0, wasClean: true }))).toBeNull();
  expect(codePolicy({ 0: after(7) })(retry(1, { code: 0, wasClean: true }))).toBe(7);
});

describe('a custom table', () => {
  const decide = (policy: ReturnType<typeof codePolicy>, code: number) => policy(retry(1, { code, wasClean: true }));

  test('overrides the defaults, code by code', () => {
    const policy = codePolicy({ 1000: after(1), 1012: stop, 4401: after(2) });
    expect([1000, 1012, 4401, 4402].map((code) => decide(policy, code))).toStrictEqual([1, null, 2, null]);
    expect(delaysOf(policy, 1013)).toStrictEqual([30_000, 60_000]);
  });

  test('overrides the defaults by a range too', () => {
    const policy = codePolicy({ '0-65535': stop, '1000-1999': after(1), 1013: after(2) });
    expect([1012, 1006, 1013, 3008].map((code) => decide(policy, code))).toStrictEqual([1, 1, 2, null]);
  });

  test('its policies receive the same attempt', () => {
    const policy = vi.fn(() => 5);
    const attempt = retry(3, { code: 4401 }, { elapsed: 10, uptime: 20, previousDelay: 30 });
    expect(codePolicy({ 4401: policy })(attempt)).toBe(5);
    expect(policy.mock.calls).toStrictEqual([[attempt]]);
  });

  test('can be empty', () => {
    expect(decide(codePolicy({}), 1000)).toBeNull();
    expect(delaysOf(codePolicy({}), 1001)).toStrictEqual([0, 5_000]);
  });

  test('throws a TypeError where it cannot be used', () => {
    expect(() => codePolicy({ '4000-4099': stop, '4050-4149': stop })).toThrow(errorNaming(TypeError, /"4000-4099".*"4050-4149"/));
    expect(() => codePolicy(null as unknown as CodeTable)).toThrow(errorNaming(TypeError, /table of close codes/));
    expect(() => codePolicy(after(5) as unknown as CodeTable)).toThrow(errorNaming(TypeError, /table of close codes/));
  });
});

import { afterEach, describe, expect, test, vi } from 'vitest';
import { after } from '../../src/policy/after.js';
import { codePolicy, type CodeTable } from '../../src/policy/codePolicy.js';
import { stop } from '../../src/policy/stop.js';
import { retry } from './retry.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** The least and the most that a policy waits before retry n after an end such as this, or `null` where it stops. */
function waits(policy: ReturnType<typeof codePolicy>, code: number, attempt = 1, wasClean = true, reason = ''): [number, number] | null {
  const bounds = [0, 1].map((chance) => {
    vi.spyOn(Math, 'random').mockReturnValue(chance);
    return policy(retry(attempt, { code, wasClean, reason }));
  });
  const [least, most] = bounds;
  return typeof least === 'number' && typeof most === 'number' ? [least, most] : null;
}

describe('by default', () => {
  const policy = codePolicy();

  test.each([
    [1001, 'going away', [0, 5_000]],
    [1011, 'internal error', [0, 1_000]],
    [1012, 'service restart', [5_000, 30_000]],
    [1013, 'try again later', [30_000, 60_000]],
    [1014, 'bad gateway', [0, 1_000]],
    [3008, 'timeout', [0, 1_000]],
  ])('%d, %s, is retried, the first time after a random %j ms', (code, _, bounds) => {
    expect(waits(policy, code)).toStrictEqual(bounds);
  });

  test('a dropped connection is retried with a backoff, without an end', () => {
    const bounds = [1, 2, 3, 4, 100].map((attempt) => waits(policy, 1006, attempt, false));
    expect(bounds).toStrictEqual([[0, 1_000], [0, 15_000], [0, 40_000], [0, 40_000], [0, 40_000]]);
  });

  test.each([1014, 3008])('%d is retried with the same backoff, without an end', (code) => {
    const bounds = [2, 3, 100].map((attempt) => waits(policy, code, attempt));
    expect(bounds).toStrictEqual([[0, 15_000], [0, 40_000], [0, 40_000]]);
  });

  test('1011 is retried with the same backoff, five times', () => {
    expect([2, 5, 6, 100].map((attempt) => waits(policy, 1011, attempt))).toStrictEqual([[0, 15_000], [0, 40_000], null, null]);
  });

  test.each([1001, 1012, 1013])('the wait after %d does not grow', (code) => {
    expect(waits(policy, code, 50)).toStrictEqual(waits(policy, code, 1));
  });

  test.each([1001, 1012, 1013])('%d is retried when its reason says, at most after ten minutes', (code) => {
    expect(waits(policy, code, 1, true, 'deploy; spread=10..60')).toStrictEqual([10_000, 60_000]);
    expect(waits(policy, code, 3, true, 'retry-after=90')).toStrictEqual([90_000, 90_000]);
    expect(waits(policy, code, 1, true, 'retry-after=86400')).toStrictEqual([600_000, 600_000]);
    expect(waits(policy, code, 1, true, 'spread=60..10')).toStrictEqual(waits(policy, code));
  });

  test.each([1006, 1011, 1014, 3008])('the reason of %d says nothing about when', (code) => {
    expect(waits(policy, code, 2, code !== 1006, 'spread=100..200')).toStrictEqual([0, 15_000]);
  });

  test('no reason makes a code that stops be retried', () => {
    const stopping = [1000, 1002, 1003, 1005, 1007, 1008, 1009, 1010, 1015, 3000, 3003, 4000, 4999];
    expect(stopping.filter((code) => policy(retry(1, { code, wasClean: true, reason: 'retry-after=1' })) !== null)).toStrictEqual([]);
  });

  test('every other code that can arrive stops', () => {
    const retried = [1001, 1006, 1011, 1012, 1013, 1014, 3008];
    const asked = Array.from({ length: 65_536 }, (_, code) => code).filter((code) => policy(retry(1, { code, wasClean: true })) !== null);
    expect(asked).toStrictEqual(retried);
  });
});

describe('an unclean end', () => {
  test('with code 0 is that of 1006', () => {
    expect(waits(codePolicy(), 0, 2, false)).toStrictEqual([0, 15_000]);
    expect(codePolicy({ 1006: after(7) })(retry(1, { code: 0 }))).toBe(7);
    expect(codePolicy({ '1005-1007': after(7) })(retry(1, { code: 0 }))).toBe(7);
    expect(codePolicy({ 1006: stop })(retry(1, { code: 0 }))).toBeNull();
    expect(codePolicy({ 0: after(7) })(retry(1, { code: 0 }))).not.toBe(7);
  });

  test('with any other code goes by that code', () => {
    expect(codePolicy()(retry(1, { code: 1000, wasClean: false }))).toBeNull();
    expect(codePolicy({ 4401: after(7) })(retry(1, { code: 4401, wasClean: false }))).toBe(7);
  });
});

test('a clean end with code 0 is no 1006', () => {
  expect(codePolicy()(retry(1, { code: 0, wasClean: true }))).toBeNull();
  expect(codePolicy({ 0: after(7) })(retry(1, { code: 0, wasClean: true }))).toBe(7);
});

describe('the table of the program', () => {
  const ask = (policy: ReturnType<typeof codePolicy>, code: number) => policy(retry(1, { code, wasClean: true }));

  test('comes before the defaults, code by code', () => {
    const policy = codePolicy({ 1000: after(1), 1012: stop, 4401: after(2) });
    expect([1000, 1012, 4401, 4402].map((code) => ask(policy, code))).toStrictEqual([1, null, 2, null]);
    expect(waits(policy, 1013)).toStrictEqual([30_000, 60_000]);
  });

  test('comes before the defaults even by a range', () => {
    const policy = codePolicy({ '0-65535': stop, '1000-1999': after(1), 1013: after(2) });
    expect([1012, 1006, 1013, 3008].map((code) => ask(policy, code))).toStrictEqual([1, 1, 2, null]);
  });

  test('its policies hear all that is known', () => {
    const policy = vi.fn(() => 5);
    const asked = retry(3, { code: 4401 }, { elapsed: 10, uptime: 20, previousDelay: 30 });
    expect(codePolicy({ 4401: policy })(asked)).toBe(5);
    expect(policy.mock.calls).toStrictEqual([[asked]]);
  });

  test('may be empty', () => {
    expect(ask(codePolicy({}), 1000)).toBeNull();
    expect(waits(codePolicy({}), 1001)).toStrictEqual([0, 5_000]);
  });

  test('is refused where it cannot be used', () => {
    expect(() => codePolicy({ '4000-4099': stop, '4050-4149': stop })).toThrow('cross');
    expect(() => codePolicy(null as unknown as CodeTable)).toThrow(TypeError);
    expect(() => codePolicy(after(5) as unknown as CodeTable)).toThrow('such as { 4401: stop }, not a function');
  });
});

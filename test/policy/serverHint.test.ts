import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { after } from '../../src/policy/after.js';
import { atMost } from '../../src/policy/atMost.js';
import { between } from '../../src/policy/between.js';
import { exponential } from '../../src/policy/exponential.js';
import { retryHint } from '../../src/policy/retryHint.js';
import { serverHint, type ServerHint, type ServerHintOptions } from '../../src/policy/serverHint.js';
import { stop } from '../../src/policy/stop.js';
import { anyAttempt, anyDelay, anyRandom, isDelay, longest } from './anyNumber.js';
import { errorNaming } from './errorNaming.js';
import { retry } from './retry.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Returns the delay where the wrapped policy returns 7 ms and the server sends this hint. */
const delayOf = (hint: unknown, options: ServerHintOptions = {}, attempt = 1) =>
  serverHint(() => hint as ServerHint, after(7), options)(retry(attempt));

describe('a hint', () => {
  test('of one number is the delay, to the millisecond', () => {
    expect([0, 1, 30_000, 600_000].map((ms) => delayOf(ms))).toStrictEqual([0, 1, 30_000, 600_000]);
  });

  test.each([
    [0, 10_000],
    [0.5, 35_000],
    [0.999_999_999, 59_999],
  ])('of a window gives, for a random number of %d, that share of the window: %d ms', (random, delay) => {
    expect(delayOf([10_000, 60_000], { random: () => random })).toBe(delay);
  });

  test('of a window is drawn again for every retry, by default with Math.random', () => {
    vi.spyOn(Math, 'random').mockReturnValueOnce(0.25).mockReturnValueOnce(0.75);
    const policy = serverHint(() => [0, 1_000], after(7), {});
    expect([policy(retry()), policy(retry())]).toStrictEqual([250, 750]);
  });

  test('of a window is drawn with the source of the attempt where it has one, and with the option before that', () => {
    const attempt = retry(1, { code: 1012 }, { random: () => 0.5 });
    expect(serverHint(() => [0, 1_000], after(7))(attempt)).toBe(500);
    expect(serverHint(() => [0, 1_000], after(7), { random: () => 0.75 })(attempt)).toBe(750);
  });

  test('counts only for the retry after the close that carries it', () => {
    const policy = serverHint(retryHint, after(7));
    const closes = ['retry-after=20', '', 'deploy', 'retry-after=40'];
    const delays = closes.map((reason, index) => policy(retry(index + 1, { code: 1012, reason, wasClean: true })));
    expect(delays).toStrictEqual([20_000, 7, 7, 40_000]);
  });

  test('decides when to reconnect, never whether: where the other policy stops, it stops', () => {
    const decide = (policy: typeof stop, attempt = 1) => policy(retry(attempt, { code: 1012, reason: 'retry-after=20', wasClean: true }));
    expect(decide(serverHint(retryHint, stop))).toBeNull();
    expect([1, 2, 3].map((attempt) => decide(serverHint(retryHint, atMost(2, after(7))), attempt))).toStrictEqual([20_000, 20_000, null]);
    expect([1, 2, 3].map((attempt) => decide(atMost(2, serverHint(retryHint, after(7))), attempt))).toStrictEqual([20_000, 20_000, null]);
  });

  test('passes the same attempt to the other policy', () => {
    const policy = vi.fn(() => 5);
    const attempt = retry(3, { code: 1012 }, { elapsed: 10, uptime: 20, previousDelay: 30 });
    expect(serverHint(retryHint, policy)(attempt)).toBe(5);
    expect(policy.mock.calls).toStrictEqual([[attempt]]);
  });
});

describe('a hint above max', () => {
  test('is reduced to max, by default ten minutes', () => {
    expect(delayOf(600_001)).toBe(600_000);
    expect(delayOf(longest)).toBe(600_000);
    expect(delayOf(30_000, { max: 20_000 })).toBe(20_000);
    expect(delayOf(30_000, { max: 0 })).toBe(0);
  });

  test('is shortened in proportion, so that many clients do not come back together', () => {
    const bounds = (hint: ServerHint, max: number) => [0, 1].map((random) => delayOf(hint, { max, random: () => random }));
    expect(bounds([100_000, 160_000], 60_000)).toStrictEqual([37_500, 60_000]);
    expect(bounds([100_000, 120_000], 60_000)).toStrictEqual([50_000, 60_000]);
    expect(bounds([10_000, 6_000_000], 60_000)).toStrictEqual([100, 60_000]);
    expect(bounds([10_000, 60_000], 60_000)).toStrictEqual([10_000, 60_000]);
  });
});

test('a hint that is moved to end at max does not exceed it by rounding', () => {
  fc.assert(
    fc.property(anyDelay, anyDelay, (ms, max) => {
      expect(delayOf(ms, { max })).toBeLessThanOrEqual(Math.min(ms, max));
    }),
  );
});

describe('an impossible hint is ignored', () => {
  test.each([
    NaN, -1, -0.001, Infinity, -Infinity, 1e308, longest + 1, '30', true, {}, [], [2_000, 1_000],
    [-1, 1_000], [0, NaN], [NaN, 1_000], [0, 1e308], [0, Infinity], ['0', '1000'], ['0', 1_000], [0, null], null, undefined, () => 5, 5n, Symbol('5'),
  ])('%o', (hint) => {
    expect(delayOf(hint)).toBe(7);
  });

  test('so is a parse that throws', () => {
    const policy = serverHint(({ reason }) => (JSON.parse(reason) as { wait: number }).wait, after(7));
    const decide = (reason: string) => policy(retry(1, { code: 1012, reason, wasClean: true }));
    expect([decide('{"wait":500}'), decide('deploy'), decide('')]).toStrictEqual([500, 7, 7]);
  });

  test('S8: so is a hint of less than a second after the first retry, since it could make a loop', () => {
    expect([1, 2, 3, 100].map((attempt) => delayOf(0, {}, attempt))).toStrictEqual([0, 7, 7, 7]);
    expect([1, 2].map((attempt) => delayOf(999, {}, attempt))).toStrictEqual([999, 7]);
    expect([1, 2].map((attempt) => delayOf(1_000, {}, attempt))).toStrictEqual([1_000, 1_000]);
    expect(delayOf([0, 1_000], { random: () => 0.5 }, 2)).toBe(500);
  });
});

test('with any hint, the delay is valid, and it is that of the other policy or at most max', () => {
  const anyNumber = fc.oneof(fc.double(), anyDelay, fc.integer());
  const anyHint = fc.oneof(anyNumber, fc.tuple(anyNumber, anyNumber), fc.array(anyNumber), fc.anything());
  fc.assert(
    fc.property(anyHint, anyDelay, anyRandom, anyAttempt, (hint, max, random, attempt) => {
      const delay = delayOf(hint, { max, random: () => random }, attempt);
      expect(isDelay(delay)).toBe(true);
      expect(delay === 7 || (delay ?? Infinity) <= max).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('up to max, the delay is inside the window that the server sent', () => {
  fc.assert(
    fc.property(anyDelay, anyDelay, anyRandom, (a, b, random) => {
      const delay = delayOf([Math.min(a, b), Math.max(a, b)], { max: longest, random: () => random });
      expect(delay).toBeGreaterThanOrEqual(Math.min(a, b));
      expect(delay).toBeLessThanOrEqual(Math.max(a, b));
    }),
  );
});

test('with any reason, retryHint gives a valid delay of at most ten minutes', () => {
  const policy = serverHint(retryHint, between(5_000, 30_000));
  const number = fc.oneof(fc.double().map(String), fc.integer().map(String), fc.stringMatching(/^\d{1,60}$/));
  const anyReason = fc.oneof(
    fc.string(),
    fc.json(),
    number.map((n) => `retry-after=${n}`),
    fc.tuple(number, number).map(([a, b]) => `deploy; spread=${a}..${b}`),
    fc.tuple(fc.double(), fc.double()).map((spread) => JSON.stringify({ spread })),
    fc.json().map((retryAfter) => `{"retryAfter":${retryAfter}}`),
  );
  fc.assert(
    fc.property(anyReason, anyAttempt, (reason, attempt) => {
      const delay = policy(retry(attempt, { code: 1012, reason, wasClean: true }));
      expect(isDelay(delay)).toBe(true);
      expect(delay).toBeLessThanOrEqual(600_000);
    }),
    { numRuns: 1_000 },
  );
});

describe('a wrong argument is refused when the policy is made', () => {
  test('of the wrong type: a TypeError that names it', () => {
    expect(() => serverHint(undefined as never, stop)).toThrow(errorNaming(TypeError, /serverHint.*: parse/));
    expect(() => serverHint(retryHint, { max: 5 } as never)).toThrow(errorNaming(TypeError, /serverHint.*: policy/));
    expect(() => serverHint(retryHint, exponential(), 5 as never)).toThrow(errorNaming(TypeError, /serverHint.*options/));
    expect(() => serverHint(retryHint, stop, { max: '5' as never })).toThrow(errorNaming(TypeError, /serverHint.*: max/));
    expect(() => serverHint(retryHint, stop, { random: 0.5 as never })).toThrow(errorNaming(TypeError, /serverHint.*: random/));
  });

  test.each([NaN, -1, Infinity, 2 ** 31])('a max of %d: a RangeError that names it', (max) => {
    expect(() => serverHint(retryHint, stop, { max })).toThrow(errorNaming(RangeError, /serverHint.*: max/));
  });
});

import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { after } from '../../src/policy/after.js';
import { atMost } from '../../src/policy/atMost.js';
import { between } from '../../src/policy/between.js';
import { exponential } from '../../src/policy/exponential.js';
import { retryHint } from '../../src/policy/retryHint.js';
import { serverHint, type ServerHint, type ServerHintOptions } from '../../src/policy/serverHint.js';
import { stop } from '../../src/policy/stop.js';
import { anyAttempt, anyChance, anyDelay, canBeWaited, longest } from './oddNumbers.js';
import { retry } from './retry.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What is waited where the wrapped policy says 7 ms, and the server says this. */
const waited = (hint: unknown, options: ServerHintOptions = {}, attempt = 1) =>
  serverHint(() => hint as ServerHint, after(7), options)(retry(attempt));

describe('a hint', () => {
  test('of so many ms is waited, to the millisecond', () => {
    expect([0, 1, 30_000, 600_000].map((ms) => waited(ms))).toStrictEqual([0, 1, 30_000, 600_000]);
  });

  test.each([
    [0, 10_000],
    [0.5, 35_000],
    [0.999_999_999, 59_999],
  ])('of a window: a chance of %d gives its part of the way, %d ms', (chance, delay) => {
    expect(waited([10_000, 60_000], { random: () => chance })).toBe(delay);
  });

  test('of a window is drawn anew every time, by default with Math.random', () => {
    vi.spyOn(Math, 'random').mockReturnValueOnce(0.25).mockReturnValueOnce(0.75);
    const policy = serverHint(() => [0, 1_000], after(7), {});
    expect([policy(retry()), policy(retry())]).toStrictEqual([250, 750]);
  });

  test('is looked for in the close that raises the question, and in no earlier one', () => {
    const policy = serverHint(retryHint, after(7));
    const closes = ['retry-after=20', '', 'deploy', 'retry-after=40'];
    const delays = closes.map((reason, index) => policy(retry(index + 1, { code: 1012, reason, wasClean: true })));
    expect(delays).toStrictEqual([20_000, 7, 7, 40_000]);
  });

  test('says when, never whether: where the other policy stops, it stops', () => {
    const ask = (policy: typeof stop, attempt = 1) => policy(retry(attempt, { code: 1012, reason: 'retry-after=20', wasClean: true }));
    expect(ask(serverHint(retryHint, stop))).toBeNull();
    expect([1, 2, 3].map((attempt) => ask(serverHint(retryHint, atMost(2, after(7))), attempt))).toStrictEqual([20_000, 20_000, null]);
    expect([1, 2, 3].map((attempt) => ask(atMost(2, serverHint(retryHint, after(7))), attempt))).toStrictEqual([20_000, 20_000, null]);
  });

  test('leaves the other policy all that is known', () => {
    const policy = vi.fn(() => 5);
    const asked = retry(3, { code: 1012 }, { elapsed: 10, uptime: 20, previousDelay: 30 });
    expect(serverHint(retryHint, policy)(asked)).toBe(5);
    expect(policy.mock.calls).toStrictEqual([[asked]]);
  });
});

describe('a hint that asks for too much', () => {
  test('is brought to max, which is ten minutes unless it is said', () => {
    expect(waited(600_001)).toBe(600_000);
    expect(waited(longest)).toBe(600_000);
    expect(waited(30_000, { max: 20_000 })).toBe(20_000);
    expect(waited(30_000, { max: 0 })).toBe(0);
  });

  test('keeps its width where that fits, so that a crowd is not brought back together', () => {
    const bounds = (hint: ServerHint, max: number) => [0, 1].map((chance) => waited(hint, { max, random: () => chance }));
    expect(bounds([100_000, 160_000], 60_000)).toStrictEqual([0, 60_000]);
    expect(bounds([100_000, 120_000], 60_000)).toStrictEqual([40_000, 60_000]);
    expect(bounds([10_000, 6_000_000], 60_000)).toStrictEqual([0, 60_000]);
    expect(bounds([10_000, 60_000], 60_000)).toStrictEqual([10_000, 60_000]);
  });
});

test('a hint that is moved to end at max is not above it by a rounding', () => {
  fc.assert(
    fc.property(anyDelay, anyDelay, (ms, max) => {
      expect(waited(ms, { max })).toBeLessThanOrEqual(Math.min(ms, max));
    }),
  );
});

describe('a hint that cannot be meant changes nothing', () => {
  test.each([
    NaN, -1, -0.001, Infinity, -Infinity, 1e308, longest + 1, '30', true, {}, [], [1_000], [1_000, 2_000, 3_000], [2_000, 1_000],
    [-1, 1_000], [0, NaN], [NaN, 1_000], [0, 1e308], [0, Infinity], ['0', '1000'], [0, null], null, undefined, () => 5, 5n, Symbol('5'),
  ])('%o', (hint) => {
    expect(waited(hint)).toBe(7);
  });

  test('nor does one that is thrown away: a parse that throws has found none', () => {
    const picky = serverHint(({ reason }) => (JSON.parse(reason) as { wait: number }).wait, after(7));
    const ask = (reason: string) => picky(retry(1, { code: 1012, reason, wasClean: true }));
    expect([ask('{"wait":500}'), ask('deploy'), ask('')]).toStrictEqual([500, 7, 7]);
  });

  test('S8: nor does one of less than a second after the first retry, which would make a loop', () => {
    expect([1, 2, 3, 100].map((attempt) => waited(0, {}, attempt))).toStrictEqual([0, 7, 7, 7]);
    expect([1, 2].map((attempt) => waited(999, {}, attempt))).toStrictEqual([999, 7]);
    expect([1, 2].map((attempt) => waited(1_000, {}, attempt))).toStrictEqual([1_000, 1_000]);
    expect(waited([0, 1_000], { random: () => 0.5 }, 2)).toBe(500);
  });
});

test('whatever a server says, the delay can be waited, and is that of the other policy or at most max', () => {
  const anyNumber = fc.oneof(fc.double(), anyDelay, fc.integer());
  const anyHint = fc.oneof(anyNumber, fc.tuple(anyNumber, anyNumber), fc.array(anyNumber), fc.anything());
  fc.assert(
    fc.property(anyHint, anyDelay, anyChance, anyAttempt, (hint, max, chance, attempt) => {
      const delay = waited(hint, { max, random: () => chance }, attempt);
      expect(canBeWaited(delay)).toBe(true);
      expect(delay === 7 || (delay ?? Infinity) <= max).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('within max the delay is in the window that the server gave', () => {
  fc.assert(
    fc.property(anyDelay, anyDelay, anyChance, (a, b, chance) => {
      const delay = waited([Math.min(a, b), Math.max(a, b)], { max: longest, random: () => chance });
      expect(delay).toBeGreaterThanOrEqual(Math.min(a, b));
      expect(delay).toBeLessThanOrEqual(Math.max(a, b));
    }),
  );
});

test('with whatever reason, the default parser leaves a delay that can be waited, or what the other policy says', () => {
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
      expect(canBeWaited(delay)).toBe(true);
      expect(delay).toBeLessThanOrEqual(600_000);
    }),
    { numRuns: 1_000 },
  );
});

describe('what is impossible is refused when it is made', () => {
  test('of the wrong type: a TypeError that names it', () => {
    expect(() => serverHint(undefined as never, stop)).toThrow(
      new TypeError('serverHint(parse, policy, options): parse must be a function, not undefined'),
    );
    expect(() => serverHint(retryHint, { max: 5 } as never)).toThrow(
      new TypeError('serverHint(parse, policy, options): policy must be a function, not an object'),
    );
    expect(() => serverHint(retryHint, exponential(), 5 as never)).toThrow(
      new TypeError('serverHint(parse, policy, options): options must be an object, not 5'),
    );
    expect(() => serverHint(retryHint, stop, { max: '5' as never })).toThrow(TypeError);
    expect(() => serverHint(retryHint, stop, { random: 0.5 as never })).toThrow(
      new TypeError('serverHint(parse, policy, options): random must be a function, not 0.5'),
    );
  });

  test.each([NaN, -1, Infinity, 2 ** 31])('a max of %d: a RangeError that says so', (max) => {
    expect(() => serverHint(retryHint, stop, { max })).toThrow(
      new RangeError(`serverHint(parse, policy, options): max must be a number of milliseconds from 0 to 2147483647, not ${max}`),
    );
  });
});

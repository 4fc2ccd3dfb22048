import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { exponential, type ExponentialOptions } from '../../src/policy/exponential.js';
import { anyAttempt, anyDelay, anyRandom, isDelay } from './anyNumber.js';
import { errorNaming } from './errorNaming.js';
import { retry } from './retry.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const delays = (options: ExponentialOptions, attempts: readonly number[] = [1, 2, 3, 4, 5, 6, 7]) => {
  const policy = exponential(options);
  return attempts.map((attempt) => policy(retry(attempt)));
};

const jitters = fc.constantFrom('full' as const, 'equal' as const, 'none' as const);

describe('the upper bound', () => {
  test('is 1, 4.3, 13.1 and then 40 seconds by default', () => {
    expect(delays({ jitter: 'none' })).toStrictEqual([1_000, 4_300, 13_116, 40_000, 40_000, 40_000, 40_000]);
  });

  test('of retry n is `base * factor ** (n - 1)`, up to `max`', () => {
    expect(delays({ base: 100, factor: 3, max: 5_000, jitter: 'none' })).toStrictEqual([100, 300, 900, 2_700, 5_000, 5_000, 5_000]);
    expect(delays({ base: 100, factor: 1.5, jitter: 'none' })).toStrictEqual([100, 150, 225, 337, 506, 759, 1_139]);
    expect(delays({ base: 700, factor: 1, jitter: 'none' })).toStrictEqual([700, 700, 700, 700, 700, 700, 700]);
  });

  test('of retry 1 is `first`, independent of the other options', () => {
    expect(delays({ first: 5_000, jitter: 'none' })).toStrictEqual([5_000, 4_300, 13_116, 40_000, 40_000, 40_000, 40_000]);
    expect(delays({ first: 0, base: 2_000, factor: 3, jitter: 'none' }, [1, 2])).toStrictEqual([0, 6_000]);
    expect(delays({ first: 60_000, jitter: 'none' }, [1, 9])).toStrictEqual([60_000, 40_000]);
  });

  test('of retry 1 is `base` where `first` is not given, but at most `max`', () => {
    expect(delays({ base: 2_000, factor: 2, jitter: 'none' }, [1, 2, 3])).toStrictEqual([2_000, 4_000, 8_000]);
    expect(delays({ base: 60_000, jitter: 'none' }, [1, 2])).toStrictEqual([40_000, 40_000]);
    expect(delays({ base: 0, jitter: 'none' })).toStrictEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  test('of retry 1 is a second where neither `first` nor `base` is given, but at most `max`', () => {
    expect(delays({ factor: 2, jitter: 'none' }, [1, 2, 3])).toStrictEqual([1_000, 2_820, 5_640]);
    expect(delays({ max: 300, jitter: 'none' })).toStrictEqual([300, 300, 300, 300, 300, 300, 300]);
  });

  test('stays at `max`', () => {
    expect(delays({ jitter: 'none' }, [1e3, 1e9, Number.MAX_SAFE_INTEGER, Infinity])).toStrictEqual([40_000, 40_000, 40_000, 40_000]);
    expect(delays({ base: 0, jitter: 'none' }, [1e3, 1e9, Infinity])).toStrictEqual([0, 0, 0]);
  });
});

describe('the jitter', () => {
  test('is `full` by default: random from 0 to the bound', () => {
    expect(delays({ random: () => 0 })).toStrictEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(delays({ random: () => 0.5 })).toStrictEqual([500, 2_150, 6_558, 20_000, 20_000, 20_000, 20_000]);
    expect(delays({ random: () => 0.5, jitter: 'full' })).toStrictEqual(delays({ random: () => 0.5 }));
  });

  test('`equal` is random in the upper half', () => {
    expect(delays({ random: () => 0, jitter: 'equal' }, [1, 2, 3, 4])).toStrictEqual([500, 2_150, 6_558, 20_000]);
    expect(delays({ random: () => 0.5, jitter: 'equal' }, [1, 2, 3, 4])).toStrictEqual([750, 3_225, 9_837, 30_000]);
  });

  test('`none` uses no randomness', () => {
    fc.assert(
      fc.property(anyRandom, (random) => {
        expect(delays({ random: () => random, jitter: 'none' }, [3])).toStrictEqual([13_116]);
      }),
    );
  });

  test('comes from Math.random by default', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.25);
    expect(exponential()(retry(1))).toBe(250);
    expect(exponential()(retry(2))).toBe(1_075);
  });

  test('comes from the attempt where it has a source, and from the option before that', () => {
    const attempt = retry(1, { code: 1006 }, { random: () => 0.5 });
    expect(exponential()(attempt)).toBe(500);
    expect(exponential({ random: () => 0.75 })(attempt)).toBe(750);
  });
});

test('with any options and any attempt, the delay is whole, valid and within its bound', () => {
  const anyFactor = fc.oneof(fc.double({ min: 1, max: 10, noNaN: true }), fc.constantFrom(1, 1e300));
  const options = fc.record({ base: anyDelay, factor: anyFactor, max: anyDelay, first: anyDelay, jitter: jitters }, { requiredKeys: [] });
  fc.assert(
    fc.property(options, anyRandom, anyAttempt, (given, random, attempt) => {
      const delay = exponential({ ...given, random: () => random })(retry(attempt));
      expect(isDelay(delay)).toBe(true);
      expect(Number.isInteger(delay)).toBe(true);
      const { base = 1_410, factor = 3.05, max = 40_000, first = given.base ?? 1_000 } = given;
      const grows = base > 0 && factor > 1;
      expect(delay).toBeLessThanOrEqual(attempt > 1 ? Math.min(max, grows ? base * factor ** (attempt - 1) : base) : first);
    }),
    { numRuns: 500 },
  );
});

test('a greater random number never gives a shorter delay', () => {
  fc.assert(
    fc.property(anyRandom, anyRandom, jitters, fc.integer({ min: 1, max: 20 }), (a, b, jitter, attempt) => {
      fc.pre(a <= b);
      const [less, more] = [a, b].map((random) => exponential({ jitter, random: () => random })(retry(attempt)));
      expect(more).toBeGreaterThanOrEqual(less ?? NaN);
    }),
  );
});

describe('a wrong option is refused when the policy is made', () => {
  test.each(['base', 'max', 'first'] as const)('%s', (name) => {
    for (const value of [NaN, -1, Infinity, 2 ** 31]) {
      expect(() => exponential({ [name]: value })).toThrow(errorNaming(RangeError, new RegExp(`exponential: ${name}`)));
    }
    expect(() => exponential({ [name]: '5' })).toThrow(errorNaming(TypeError, new RegExp(`exponential: ${name}`)));
  });

  test('factor', () => {
    for (const value of [NaN, 0, 0.99, -2]) {
      expect(() => exponential({ factor: value })).toThrow(errorNaming(RangeError, /exponential: factor.*a number, 1 or more/));
    }
    expect(() => exponential({ factor: '2' as unknown as number })).toThrow(errorNaming(TypeError, /exponential: factor/));
  });

  test('jitter', () => {
    for (const value of ['half', true, 0.5, 'toString']) {
      expect(() => exponential({ jitter: value as 'full' })).toThrow(errorNaming(TypeError, /exponential: jitter/));
    }
  });

  test('random', () => {
    expect(() => exponential({ random: 0.5 as unknown as () => number })).toThrow(errorNaming(TypeError, /exponential: random/));
  });

  test('the options themselves', () => {
    for (const value of [null, 5, 'full', () => 0]) {
      expect(() => exponential(value as ExponentialOptions)).toThrow(errorNaming(TypeError, /exponential.*options/));
    }
  });
});

import fc from 'fast-check';

/** The longest time that timers can wait, in milliseconds: 2³¹ − 1. */
export const longest = 2_147_483_647;

/** Any valid delay, in milliseconds. */
export const anyDelay = fc.oneof(
  fc.constantFrom(0, 1, longest),
  fc.integer({ min: 0, max: longest }),
  fc.double({ min: 0, max: longest, noNaN: true }),
);

/** Any number that a source of randomness may return, and some that only a broken one returns. */
export const anyRandom = fc.oneof(
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  fc.constantFrom(1, 2, -1, -0, NaN, Infinity, -Infinity),
);

/** Any number of a retry, and some impossible ones. */
export const anyAttempt = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.constantFrom(0, -1, 1e9, Number.MAX_SAFE_INTEGER, Infinity, NaN));

/** Returns whether a timer can wait this delay. */
export function isDelay(delay: unknown): boolean {
  return typeof delay === 'number' && delay >= 0 && delay <= longest;
}

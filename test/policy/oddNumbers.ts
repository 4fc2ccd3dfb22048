import fc from 'fast-check';

/** 2³¹ − 1 ms, the longest that a timer can wait. */
export const longest = 2_147_483_647;

/** Any delay that may be asked for. */
export const anyDelay = fc.oneof(
  fc.constantFrom(0, 1, longest),
  fc.integer({ min: 0, max: longest }),
  fc.double({ min: 0, max: longest, noNaN: true }),
);

/** What a source of chance gives, and what a broken one might. */
export const anyChance = fc.oneof(
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  fc.constantFrom(1, 2, -1, -0, NaN, Infinity, -Infinity),
);

/** The numbers of retries that there are, and some that there should not be. */
export const anyAttempt = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.constantFrom(0, -1, 1e9, Number.MAX_SAFE_INTEGER, Infinity, NaN));

/** Whether a timer can wait for it. */
export function canBeWaited(delay: unknown): boolean {
  return typeof delay === 'number' && delay >= 0 && delay <= longest;
}

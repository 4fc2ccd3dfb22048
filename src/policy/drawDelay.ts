/**
 * A random number of whole milliseconds from `min` to `max`.
 *
 * @param min - milliseconds, the least
 * @param max - milliseconds, the most; not below `min`
 * @param random - gives a number from 0 to 1; what is outside of it is brought inside, `NaN` counting as 1, the longest wait: a
 *   broken source must not turn a crowd of clients into a storm
 *
 * @internal
 */
export function drawDelay(min: number, max: number, random: () => number): number {
  const drawn = random();
  const share = drawn >= 0 && drawn < 1 ? drawn : drawn < 0 ? 0 : 1;
  return Math.max(min, Math.floor(min + share * (max - min)));
}

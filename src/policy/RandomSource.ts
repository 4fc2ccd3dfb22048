/** Where a policy takes its randomness from. */
export interface RandomSource {
  /**
   * Returns a number from 0 up to, but not including, 1. Default `Math.random`.
   *
   * A source that returns something else cannot break a delay: numbers below 0 count as 0; numbers above 1 and everything else count as 1.
   */
  random?: () => number;
}

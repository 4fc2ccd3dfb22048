/** Where a policy takes its chance from. */
export interface RandomSource {
  /**
   * Gives a number from 0 up to, but not including, 1. Default `Math.random`.
   *
   * A source that gives something else cannot break a delay: what is below 0 counts as 0, what is above 1 or no number at all as 1.
   */
  random?: () => number;
}

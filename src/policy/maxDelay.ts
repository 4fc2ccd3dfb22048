/**
 * The longest delay that a timer can wait, in milliseconds (24.8 days): a longer one would fire at once.
 *
 * @internal
 */
export const maxDelay = 2 ** 31 - 1;

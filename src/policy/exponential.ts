import { showValue } from '../close/showValue.js';
import { requireDelay } from '../config/checkArguments.js';
import { knownPolicy } from './knownPolicy.js';
import type { DelayBounds } from './PolicyExplanation.js';
import { delayDrawer, type RandomSource } from './RandomSource.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';
import { requireNumber } from './requireNumber.js';

/** Options of {@link exponential}. */
export interface ExponentialOptions extends RandomSource {
  /** The start of the growth, in milliseconds, 0 to 2147483647. Default 1410. */
  base?: number;
  /** The factor from one retry to the next, 1 or more. Default 3.05. */
  factor?: number;
  /** The longest bound, in milliseconds, 0 to 2147483647. Default 40000. */
  max?: number;
  /**
   * The upper bound of the first delay in milliseconds, 0 to 2147483647, independent of the others. A longer first wait spreads many clients that lost the
   * same server at the same moment. Default: `base` if you set it, else 1000; at most `max`.
   */
  first?: number;
  /**
   * How much of the delay is random: `'full'` (default) all of it, from 0 up; `'equal'` the upper half, so that there always is a wait; `'none'` nothing:
   * all clients then reconnect together.
   */
  jitter?: 'full' | 'equal' | 'none';
}

/**
 * Reconnects after a random delay whose upper bound grows with the attempts, without a limit of retries: truncated exponential backoff (RFC 6455
 * §7.2.3).
 *
 * The bound of retry 1 is `first`, that of retry n from 2 on `min(max, base * factor ** (n - 1))`: with the defaults 1, 4.3, 13.1, 40, 40, … seconds.
 * The first three retries come soon, for a single user after a short outage. Later ones come late, because a client that was refused three times is
 * probably one of many. It never stops by itself; wrap it in `atMost` or `within` for that.
 *
 * @param options - see {@link ExponentialOptions}; all of them may be left out
 * @returns a policy that returns whole milliseconds, from 0 to the bound with full jitter
 * @throws `TypeError` when an option is of the wrong type, or `jitter` is none of the three
 * @throws `RangeError` when a number of milliseconds is `NaN`, negative or too long, or `factor` is `NaN` or below 1
 *
 * @example
 * ```ts
 * import { CloseEvent, exponential } from 'websocket-subject';
 *
 * const closeEvent = new CloseEvent('close', { code: 1006 });
 * const policy = exponential({ jitter: 'none' });
 * const ask = (attempt: number) => policy({ closeEvent, attempt, repeats: 1, elapsed: 0, uptime: 0, previousDelay: null });
 * [1, 2, 3, 4].map(ask); // => [1000, 4300, 13116, 40000]
 * ```
 */
export function exponential(options: ExponentialOptions = {}): ReconnectPolicy {
  const draw = delayDrawer('exponential', options);
  const { base = 1_410, factor = 3.05, max = 40_000, first = Math.min(options.base ?? 1_000, max), jitter = 'full' } = options;
  requireDelay('exponential: base', base);
  requireDelay('exponential: max', max);
  requireDelay('exponential: first', first);
  requireNumber('exponential: factor', factor, factor >= 1, 'a number, 1 or more');
  const fixedPart: unknown = { full: 0, equal: 0.5, none: 1 }[jitter];
  if (typeof fixedPart !== 'number') throw new TypeError(`exponential: jitter must be 'full', 'equal' or 'none', not ${showValue(jitter)}`);
  // If nothing grows, the product is `base`, or `NaN` for an endless retry: `0 * Infinity`, `1 ** Infinity`.
  const longest = (retry: number): number => Math.floor(retry > 1 ? Math.min(max, base * factor ** (retry - 1) || base) : first);
  // From the second retry on they only grow.
  const bounds = (from: number, to: number): DelayBounds => ({ min: Math.floor(longest(from) * fixedPart), max: longest(to) });
  return knownPolicy({ name: 'exponential', given: [options], bounds }, (attempt) => draw(bounds(attempt.attempt, attempt.attempt), attempt));
}

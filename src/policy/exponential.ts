import { showValue } from '../close/showValue.js';
import { described } from './described.js';
import { drawDelay } from './drawDelay.js';
import type { RandomSource } from './RandomSource.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';
import { requireDelay } from './requireDelay.js';
import { requireFunction } from './requireFunction.js';
import { requireOptions } from './requireOptions.js';

/** What {@link exponential} takes. */
export interface ExponentialOptions extends RandomSource {
  /** Milliseconds that the growth starts from, 0 to 2147483647. Default 5000. */
  base?: number;
  /** What every retry multiplies the one before by, 1 or more. Default 3. */
  factor?: number;
  /** Milliseconds that the growth ends at, 0 to 2147483647. Default 40000. */
  max?: number;
  /**
   * Milliseconds of the first retry, 0 to 2147483647, whatever the others are: a longer first wait spreads a crowd that lost the same
   * server at the same moment. Default: `base` where that is given, else 1000; `max` where that is less.
   */
  first?: number;
  /**
   * How much of the delay is random: `'full'` (default) all of it, from 0 up; `'equal'` the upper half, so that there always is a wait;
   * `'none'` nothing, which brings a crowd back together.
   */
  jitter?: 'full' | 'equal' | 'none';
}

/** For every kind of jitter, which part of the delay is certain. */
const certainPart = { full: 0, equal: 0.5, none: 1 } as const;

/**
 * Reconnects after a random delay whose upper bound grows with the attempts, without an end: truncated exponential backoff
 * (RFC 6455 §7.2.3).
 *
 * The bound of retry 1 is `first`, that of retry n from 2 on `min(max, base * factor ** (n - 1))`: with the defaults 1, 15, 40, 40, …
 * seconds. The first retry is soon, for one user whose connection dropped; the second is late, for the crowd that the first has told apart
 * from one user. It does not give up by itself; wrap it in `atMost` or `within` for that.
 *
 * @param options - see {@link ExponentialOptions}; all of them may be left out
 * @returns a policy that gives whole milliseconds, from 0 to the bound with full jitter
 * @throws `TypeError` when an option is of the wrong type, or `jitter` is none of the three
 * @throws `RangeError` when a number of milliseconds is `NaN`, negative or too long, or `factor` is below 1 or not finite
 *
 * @example
 * ```ts
 * import { CloseEvent, exponential } from 'websocket-subject';
 *
 * const closeEvent = new CloseEvent('close', { code: 1006 });
 * const policy = exponential({ jitter: 'none' });
 * const ask = (attempt: number) => policy({ closeEvent, attempt, elapsed: 0, uptime: 0, previousDelay: null });
 * [1, 2, 3, 4].map(ask); // => [1000, 15000, 40000, 40000]
 * ```
 */
export function exponential(options?: ExponentialOptions): ReconnectPolicy {
  const given = requireOptions('exponential(options): options', options);
  const base = requireDelay('exponential(options): base', given.base ?? 5_000);
  const max = requireDelay('exponential(options): max', given.max ?? 40_000);
  const first = requireDelay('exponential(options): first', given.first ?? Math.min(given.base ?? 1_000, max));
  const factor = requireFactor(given.factor ?? 3);
  const jitter = requireJitter(given.jitter ?? 'full');
  const random = requireFunction('exponential(options): random', given.random ?? (() => Math.random()));

  const longest = (attempt: number): number => Math.floor(attempt > 1 ? grown(base, factor, attempt - 1, max) : first);
  const shortest = (bound: number): number => Math.floor(bound * certainPart[jitter]);

  return described(
    ({ attempt }) => {
      const bound = longest(attempt);
      return drawDelay(shortest(bound), bound, random);
    },
    ['exponential', { first: given.first, base: given.base, factor: given.factor, max: given.max, jitter: given.jitter }],
    (from, to) => {
      // From the second retry on the bound only grows.
      const bounds = [from, Math.min(to, Math.max(from, 2)), to].map(longest);
      return { min: shortest(Math.min(...bounds)), max: Math.max(...bounds) };
    },
  );
}

/** What does not grow is kept from the powers: `0 * Infinity` and `1 ** Infinity` are both `NaN`. */
function grown(base: number, factor: number, times: number, max: number): number {
  return Math.min(max, base === 0 || factor === 1 ? base : base * factor ** times);
}

function requireFactor(value: unknown): number {
  const problem = `exponential(options): factor must be a finite number of 1 or more, not ${showValue(value)}`;
  if (typeof value !== 'number') throw new TypeError(problem);
  if (!(value >= 1 && value < Infinity)) throw new RangeError(problem);
  return value;
}

function requireJitter(value: unknown): keyof typeof certainPart {
  if (value === 'full' || value === 'equal' || value === 'none') return value;
  throw new TypeError(`exponential(options): jitter must be 'full', 'equal' or 'none', not ${showValue(value)}`);
}

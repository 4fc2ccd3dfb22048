import type { CloseEvent } from '../close/CloseEvent.js';
import { maxDelay, requireDelay, requireFunction } from '../config/checkArguments.js';
import { knownPolicy } from './knownPolicy.js';
import type { DelayBounds } from './PolicyExplanation.js';
import { delayDrawer, type RandomSource } from './RandomSource.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';

/** How long a server asks its clients to wait, in milliseconds: a number, or two bounds between which each client waits for a random time. */
export type ServerHint = number | readonly [min: number, max: number];

/** Options of {@link serverHint}. */
export interface ServerHintOptions extends RandomSource {
  /** The longest wait that a hint may ask for, in milliseconds, 0 to 2147483647. Default 600000, ten minutes. */
  max?: number;
}

/**
 * Waits as long as the server asks for in its close; without a hint, as long as another policy decides.
 *
 * A server knows how many clients it drops and how many it can take a second, so its hint is better than any guess of the clients. The hint decides when to
 * reconnect, never whether: if the other policy stops, so does this one. It holds for the retry after the close that carries it, not for later ones.
 * `reconnectOnCode` does this by default for 1001, 1006, 1012 and 1013, with `retryHint`.
 *
 * Impossible hints are ignored: not a number, below 0, above 2147483647, a window whose ends are in the wrong order, or, from the second retry in a row
 * on, less than a second. So is a `parse` that throws. A window that ends above `max` is scaled down to end there: cutting it off would bring the
 * clients back together.
 *
 * @param parse - finds the hint in a close: milliseconds, or a window of them; `null` or `undefined` for no hint. `retryHint` reads the forms that this
 *   library proposes
 * @param policy - decides whether to reconnect, and how long to wait without a hint
 * @param options - see {@link ServerHintOptions}; all of them may be left out
 * @throws `TypeError` when `parse` or `policy` is not a function, or an option is of the wrong type; `RangeError` when `max` is `NaN`,
 *   negative or too long
 *
 * @example
 * ```ts
 * import { CloseEvent, between, retryHint, serverHint } from 'websocket-subject';
 *
 * const policy = serverHint(retryHint, between(5_000, 30_000), { max: 120_000, random: () => 0.5 });
 * const ask = (reason: string) => {
 *   const closeEvent = new CloseEvent('close', { code: 1012, reason, wasClean: true });
 *   return policy({ closeEvent, attempt: 1, repeats: 1, elapsed: 0, uptime: 60_000, previousDelay: null });
 * };
 * ask('deploy; spread=10..60'); // => 35000
 * ask('deploy'); // => between 5000 and 30000, as the other policy decides
 *
 * // A service with its own format: close reasons such as "busy 20s".
 * const busy = serverHint(({ reason }) => Number(/^busy (\d+)s$/.exec(reason)?.[1]) * 1_000, between(5_000, 30_000));
 * ```
 */
export function serverHint(
  parse: (closeEvent: CloseEvent) => ServerHint | null | undefined,
  policy: ReconnectPolicy,
  options: ServerHintOptions = {},
): ReconnectPolicy {
  requireFunction('serverHint: parse', parse);
  requireFunction('serverHint: policy', policy);
  const draw = delayDrawer('serverHint', options);
  const longest = requireDelay('serverHint: max', options.max ?? 600_000);
  const decide: ReconnectPolicy = (attempt) => {
    const delay = policy(attempt);
    const hint = hintBounds(ask(parse, attempt.closeEvent));
    // S8: a server that accepts and closes at once would make a loop of short waits.
    if (delay === null || hint === null || (hint.max < 1_000 && attempt.attempt > 1)) return delay;
    const scale = hint.max > longest ? longest / hint.max : 1;
    // A product may be rounded up.
    return Math.min(longest, draw({ min: hint.min * scale, max: hint.max * scale }, attempt));
  };
  return knownPolicy({ name: 'serverHint', given: [parse, policy, options], maxHint: longest }, decide);
}

/** Returns the hint, or `null` when `parse` throws: the reason may not be meant for it. */
function ask(parse: (closeEvent: CloseEvent) => unknown, closeEvent: CloseEvent): unknown {
  try {
    return parse(closeEvent);
  } catch {
    return null;
  }
}

/**
 * Returns the bounds of a hint, a number or a window of them, or `null` if it is impossible.
 *
 * @internal
 */
export function hintBounds(hint: unknown): DelayBounds | null {
  const [min, max = min] = Array.isArray(hint) ? (hint as unknown[]) : [hint];
  return typeof min === 'number' && typeof max === 'number' && min >= 0 && min <= max && max <= maxDelay ? { min, max } : null;
}

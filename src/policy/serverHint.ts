import type { CloseEvent } from '../close/CloseEvent.js';
import { maxDelay, requireDelay, requireFunction, requireOptions } from '../config/checkArguments.js';
import { drawDelay } from './drawDelay.js';
import { knownPolicy } from './knownPolicy.js';
import type { RandomSource } from './RandomSource.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';

/** What a server asks of its clients: milliseconds to wait, or the least and the most, between which each client draws its own. */
export type ServerHint = number | readonly [min: number, max: number];

/** What {@link serverHint} takes. */
export interface ServerHintOptions extends RandomSource {
  /** The longest wait that a hint may ask for, in milliseconds, 0 to 2147483647. Default 600000, ten minutes. */
  max?: number;
}

/** Shorter hints, in milliseconds, are ignored from the second retry on: a server that accepts and closes would make a loop of them (S8). */
const shortest = 1_000;

/**
 * Waits as long as the server asks for in its close; where it asks for nothing, as long as another policy decides.
 *
 * A server knows how many clients it drops and how many it can take a second: what it asks for beats every guess of the clients. The hint
 * decides when to reconnect, never whether: where the other policy stops, it stops. It holds for the retry after the close that carries it,
 * not for later ones. `reconnectOnCode` does this by default for 1001, 1012 and 1013, with {@link retryHint}.
 *
 * Impossible hints are ignored: below 0, no number, above 2147483647, a window whose ends are in the wrong order, or less than a second from
 * the second retry in a row on. So is a `parse` that throws. A hint above `max` is moved to end there, as wide as it was where that fits,
 * since a window cut short would bring the clients back together.
 *
 * @param parse - finds the hint in a close: ms, or a window of ms; `null` or `undefined` where there is none. {@link retryHint} reads the
 *   forms that this library proposes
 * @param policy - decides whether to reconnect, and how long to wait where the server asks for nothing
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
 *   return policy({ closeEvent, attempt: 1, elapsed: 0, uptime: 60_000, previousDelay: null });
 * };
 * ask('deploy; spread=10..60'); // => 35000
 * ask('deploy'); // => between 5000 and 30000, as the other policy decides
 *
 * // A service with a form of its own: close reasons such as "busy 20s".
 * const busy = serverHint(({ reason }) => Number(/^busy (\d+)s$/.exec(reason)?.[1]) * 1_000, between(5_000, 30_000));
 * ```
 */
export function serverHint(
  parse: (closeEvent: CloseEvent) => ServerHint | null | undefined,
  policy: ReconnectPolicy,
  options?: ServerHintOptions,
): ReconnectPolicy {
  requireFunction('serverHint(parse): parse', parse);
  requireFunction('serverHint(parse, policy): policy', policy);
  const given = requireOptions('serverHint(parse, policy, options)', options);
  const max = requireDelay('serverHint: max', given.max ?? 600_000);
  if (given.random !== undefined) requireFunction('serverHint: random', given.random);
  return knownPolicy(
    (attempt) => {
      const own = policy(attempt);
      if (own === null) return null;
      const asked = windowOf(parse, attempt.closeEvent);
      if (asked === null || (attempt.attempt > 1 && asked[1] < shortest)) return own;
      const most = Math.min(asked[1], max);
      const least = Math.max(0, asked[0] - (asked[1] - most));
      return drawDelay(Math.min(least, most), most, attempt, given.random); // rounding may put the least above the most
    },
    'serverHint',
    parse,
    policy,
    { max: given.max },
  );
}

/** Returns the hint as a possible window, or `null`. A `parse` that throws has found none: the reason may not be meant for it. */
function windowOf(parse: (closeEvent: CloseEvent) => unknown, closeEvent: CloseEvent): readonly [number, number] | null {
  let hint: unknown;
  try {
    hint = parse(closeEvent);
  } catch {
    return null;
  }
  const ends: readonly unknown[] = Array.isArray(hint) ? hint : [hint, hint];
  const [min, max] = ends;
  const isWindow = ends.length === 2 && typeof min === 'number' && typeof max === 'number' && min >= 0 && min <= max && max <= maxDelay;
  return isWindow ? [min, max] : null;
}

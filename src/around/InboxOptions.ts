import { requireOptions } from '../config/checkArguments.js';
import { checkOptions, type Check } from '../config/checkOptions.js';

/**
 * How many messages are kept for one consumer that takes them one by one, and what happens when it is too slow.
 *
 * @example
 * ```ts
 * import { iterate, webSocket } from 'websocket-subject';
 *
 * const quotes = webSocket<{ price: number }>('wss://quotes.example.com');
 * for await (const { price } of iterate(quotes, { pause: false, overflow: 'latest' })) console.log(price); // always the latest price
 * ```
 */
export interface InboxOptions {
  /** How many messages may wait to be taken: an integer from 1 up, or `Infinity`. Default 64. A paused transport resumes when a quarter is left. */
  highWaterMark?: number | undefined;
  /**
   * Whether to pause the transport when `highWaterMark` messages wait, if it can be paused (`ws`). Default `true`. With `false`, and on a transport
   * that cannot be paused, `overflow` decides.
   */
  pause?: boolean | undefined;
  /**
   * What happens when one more message arrives. `'error'`, the default: a consumer that has not caught up by the next task receives the messages that
   * wait, then an `InboxOverflowError`, and unsubscribes. `'drop-oldest'`: the oldest message is dropped. `'latest'`: all messages that wait are
   * dropped. Dropped messages are reported on `warnings`, once until the consumer has caught up.
   */
  overflow?: 'error' | 'drop-oldest' | 'latest' | undefined;
}

/** Options of an inbox with every default filled in. */
export type InboxLimits = { readonly [Key in keyof InboxOptions]-?: NonNullable<InboxOptions[Key]> };

const checks: Readonly<Record<keyof InboxOptions, Check>> = {
  highWaterMark: [(value) => value === Infinity || (Number.isInteger(value) && (value as number) >= 1), 'an integer, 1 or more, or Infinity'],
  pause: [(value) => typeof value === 'boolean', 'true or false'],
  overflow: [(value) => value === 'error' || value === 'drop-oldest' || value === 'latest', "'error', 'drop-oldest' or 'latest'"],
};

/** Checks the options that `caller` was given, and fills in the defaults; throws a `TypeError` that names the wrong key and the allowed values. */
export function inboxLimits(caller: string, options: InboxOptions): InboxLimits {
  const given = checkOptions<InboxOptions>(caller, requireOptions(`${caller}: options`, options), checks);
  return { highWaterMark: 64, pause: true, overflow: 'error', ...(given as Partial<InboxLimits>) };
}

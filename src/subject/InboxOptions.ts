import { checked, type Check } from './settings.js';

/**
 * How much is kept for one consumer that pulls, and what happens when that is full.
 *
 * @example
 * ```ts
 * import { webSocket } from 'websocket-subject';
 *
 * const quotes = webSocket<{ price: number }>('wss://quotes.example.com');
 * for await (const { price } of quotes.iterate({ pause: false, overflow: 'latest' })) console.log(price); // always the present price
 * ```
 */
export interface InboxOptions {
  /** How many messages may wait to be taken: a whole number from 1 up, or `Infinity`; 64. A paused transport reads on when a quarter of them is left. */
  highWaterMark?: number | undefined;
  /**
   * Whether the transport is paused when that many wait, where it can be (`ws`); `true`. With `false`, and on every transport that cannot be paused,
   * `overflow` decides.
   */
  pause?: boolean | undefined;
  /**
   * What one message more does: the consumer gets an `InboxOverflowError`, after the messages that wait, and has left (`'error'`, the default); the
   * oldest makes room (`'drop-oldest'`); all that wait make room for it (`'latest'`). That messages are dropped is told on `warnings`, once until the
   * consumer has caught up.
   */
  overflow?: 'error' | 'drop-oldest' | 'latest' | undefined;
}

/** Options of an inbox with every default filled in. */
export interface InboxLimits {
  readonly highWaterMark: number;
  /** A paused transport reads on when no more than so many messages are left. */
  readonly lowWaterMark: number;
  readonly pause: boolean;
  readonly overflow: 'error' | 'drop-oldest' | 'latest';
}

const checks: Readonly<Record<keyof InboxOptions, Check>> = {
  highWaterMark: ['a whole number, 1 or more, or Infinity', (value) => value === Infinity || (Number.isInteger(value) && (value as number) >= 1)],
  pause: ['true or false', (value) => typeof value === 'boolean'],
  overflow: ["'error', 'drop-oldest' or 'latest'", (value) => ['error', 'drop-oldest', 'latest'].includes(value as string)],
};

/** Checks what was given to `where`, and fills in the defaults; throws a `TypeError` that names what is wrong and what is allowed. */
export function inboxLimits(where: string, options: InboxOptions): InboxLimits {
  if (typeof options !== 'object' || (options as unknown) === null) throw new TypeError(`${where}: the options must be an object, not ${String(options)}`);
  const { highWaterMark = 64, pause = true, overflow = 'error' } = checked<InboxOptions>(where, options, checks);
  return { highWaterMark, lowWaterMark: Math.floor(highWaterMark / 4), pause, overflow };
}

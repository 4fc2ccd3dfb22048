import { isSendableCloseCode } from '../close/isSendableCloseCode.js';
import { sendableClose } from '../close/sendableClose.js';
import { showValue } from '../close/showValue.js';
import { isFunction, isObject, isTimeout } from './checkArguments.js';
import { checkOptions, type Check } from './checkOptions.js';
import type { TransportConfig, WebSocketSubjectConfig } from './config.js';

type Defaulted = 'url' | 'linger' | 'serializer' | 'deserializer' | 'binaryType' | 'closeTimeout' | 'stableAfter' | 'unsubscribeCode';

/** A config with every default filled in. */
export type Settings<In, Out> = Omit<WebSocketSubjectConfig<In, Out>, Defaulted | 'onInvalid' | 'outbox'> & {
  readonly [Key in Defaulted]-?: NonNullable<WebSocketSubjectConfig<In, Out>[Key]>;
} & {
  readonly onInvalid: 'error' | 'drop' | { readonly code: number; readonly reason: string };
  readonly outbox: OutboxLimits & WaterMarks;
  /** Whether it was reported that `transportOptions` have no effect. */
  hasNoEffect?: true;
};

/** How much an outbox holds, and what happens at the limit (S15). */
export interface OutboxLimits {
  readonly maxValues: number;
  readonly maxBytes: number;
  readonly overflow: 'drop-newest' | 'drop-oldest' | 'throw';
}

/** Bytes in the buffer of a transport. */
interface WaterMarks {
  readonly highWaterMark: number;
  readonly lowWaterMark: number;
}

/** 10 s, doubling with the attempts to 80 s: a timeout that does not grow keeps an overloaded server busy with clients that have given up. */
export const defaultConnectTimeout = (attempt: number): number => Math.min(10_000 * 2 ** attempt, 80_000);

/** Returns whether the value is a string or a `URL`, recognized by its tag, since it may come from another realm. */
export const isUrl = (value: unknown): value is string | URL =>
  typeof value === 'string' || Object.prototype.toString.call(value) === '[object URL]';

const isProtocols = (value: unknown): boolean => typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string'));
const isOneOf = (...values: unknown[]): Check => [(value) => values.includes(value), values.map((value) => `'${String(value)}'`).join(' or ')];

const ms = 'milliseconds above 0';
const aFunction: Check = [isFunction, 'a function'];
const anObject: Check = [isObject, 'an object'];
const anObserver: Check = [(value) => isObject(value) && isFunction((value as { next?: unknown }).next), 'an observer'];
const aLimit: Check = [(value) => value === Infinity || (Number.isInteger(value) && (value as number) >= 0), 'an integer from 0, or Infinity'];

const checks: { readonly [Key in keyof WebSocketSubjectConfig<unknown>]-?: Check } = {
  url: [(value) => isUrl(value) || isFunction(value), 'a string, URL or function'],
  protocol: [(value) => isProtocols(value) || isFunction(value), 'a string, array of strings or function'],
  serializer: aFunction,
  deserializer: aFunction,
  binaryType: isOneOf('blob', 'arraybuffer'),
  WebSocketCtor: aFunction,
  openObserver: anObserver,
  closingObserver: anObserver,
  closeObserver: anObserver,
  connectTimeout: [(value) => isTimeout(value) || isFunction(value), `${ms} or a function`],
  closeTimeout: [isTimeout, ms],
  linger: [(value) => value === 0 || isTimeout(value), 'milliseconds from 0'],
  stableAfter: [(value) => typeof value === 'number' && value >= 0, 'milliseconds from 0'],
  outbox: anObject,
  onInvalid: [
    (value) => value === 'error' || value === 'drop' || sendableClose(value) !== undefined,
    "'error', 'drop' or a sendable { code, reason }",
  ],
  signal: [(value) => isObject(value) && 'aborted' in value && 'addEventListener' in value, 'an AbortSignal'],
  transportOptions: [(value) => isObject(value) || isFunction(value), 'an object or function'],
  transport: aFunction,
  unsubscribeCode: [isSendableCloseCode, '1000 or 3000–4999'],
};

const outboxChecks: Readonly<Record<string, Check>> = {
  maxValues: aLimit,
  maxBytes: aLimit,
  overflow: isOneOf('drop-newest', 'drop-oldest', 'throw'),
  highWaterMark: aLimit,
  lowWaterMark: aLimit,
};

/** Checks a config, key by key, and fills in the defaults; throws a `TypeError` that names the wrong key and the allowed values. */
export function settingsOf<In, Out>(urlOrConfig: string | URL | WebSocketSubjectConfig<In, Out> | TransportConfig<In, Out>): Settings<In, Out> {
  const given = isUrl(urlOrConfig) ? { url: urlOrConfig } : urlOrConfig;
  if (!isObject(given)) throw new TypeError(`webSocket: needs a URL or a config, not ${showValue(given)}`);
  const config = checkOptions('webSocket', given as Partial<WebSocketSubjectConfig<In, Out>>, checks);
  if (config.url === undefined && !config.transport) throw new TypeError("webSocket: 'url' is missing");
  const outbox = checkOptions<NonNullable<typeof config.outbox>>('webSocket: outbox', config.outbox ?? {}, outboxChecks);
  const { highWaterMark = 1_048_576 } = outbox;
  const { lowWaterMark = Math.floor(highWaterMark / 4) } = outbox;
  if (lowWaterMark > highWaterMark) throw new TypeError(`webSocket: outbox: 'lowWaterMark' must be at most 'highWaterMark'`);
  return {
    url: '',
    serializer: JSON.stringify,
    deserializer: parseText,
    // A deserializer can read it synchronously, and it is the same on every transport.
    binaryType: 'arraybuffer',
    closeTimeout: 5_000,
    stableAfter: 5_000,
    linger: 0,
    unsubscribeCode: 1000,
    ...(config as Partial<Settings<In, Out>>),
    // A copy, which your code cannot change later.
    onInvalid: sendableClose(config.onInvalid) ?? (config.onInvalid as 'error' | 'drop' | undefined) ?? 'error',
    outbox: { maxValues: 1_000, maxBytes: Infinity, overflow: 'drop-newest', ...(outbox as object), highWaterMark, lowWaterMark },
  };
}

/** The default deserializer. */
export function parseText<In>({ data }: { readonly data: unknown }): In {
  // JSON.parse would complain about "[object ArrayBuffer]", which does not name the cause.
  if (typeof data === 'object') throw new TypeError('a binary message needs a deserializer');
  return JSON.parse(data as string) as In;
}

import { isSendableCloseCode } from '../close/isSendableCloseCode.js';
import { sendableClose } from '../close/sendableClose.js';
import type { SchemaConfig, WebSocketSubjectConfig } from './config.js';
import { isBlob } from './isBlob.js';
import type { StandardSchema } from './StandardSchema.js';
import { validating } from './validating.js';

type Defaulted = 'serializer' | 'deserializer' | 'binaryType' | 'connectTimeout' | 'closeTimeout' | 'stableAfter' | 'onInvalid' | 'unsubscribeCode';

/** A config with every default filled in; a schema has become a part of the deserializer. */
export type Settings<In, Out> = Omit<WebSocketSubjectConfig<In, Out>, Defaulted | 'outbox' | 'schema'> & {
  readonly [Key in Defaulted]-?: NonNullable<WebSocketSubjectConfig<In, Out>[Key]>;
} & { readonly outbox: OutboxLimits & Marks };

/** How much an outbox holds, and what happens at the limit (S15). */
export interface OutboxLimits {
  readonly maxValues: number;
  readonly maxBytes: number;
  readonly overflow: 'error' | 'drop-oldest' | 'drop-newest';
}

/** Bytes in the buffer of a transport: above the first values wait, from the second downwards they flow again. */
export interface Marks {
  readonly highWaterMark: number;
  readonly lowWaterMark: number;
}

/** The longest time that platforms' timers can take: 2^31−1 ms, some 24 days. Beyond it they fire at once. */
export const maxTimeout = 2 ** 31 - 1;

/** 10 s, doubling with the attempts to 80 s: a timeout that does not grow keeps an overloaded server busy with clients that have left. */
export const defaultConnectTimeout = (attempt: number): number => Math.min(10_000 * 2 ** attempt, 80_000);

/** What a value must be, in words and as a question. */
export type Check = readonly [allowed: string, isAllowed: (value: unknown) => boolean];

const isFunction = (value: unknown): boolean => typeof value === 'function';
const aFunction: Check = ['a function', isFunction];
const anObserver: Check = ['an object with a `next` method', (value) => isObject(value) && isFunction((value as { next?: unknown }).next)];
export const isTimeout = (value: unknown): boolean => typeof value === 'number' && value > 0 && value <= maxTimeout;
/** By its tag, since a `URL` may come from another realm. */
export const isUrl = (value: unknown): value is string | URL =>
  typeof value === 'string' || Object.prototype.toString.call(value) === '[object URL]';
const isProtocols = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string'));

const checks: { readonly [Key in keyof WebSocketSubjectConfig<unknown>]-?: Check } = {
  url: ['a string, a URL, or a function that gives one', (value) => isUrl(value) || isFunction(value)],
  protocol: ['a string, an array of strings, or a function that gives one', (value) => isProtocols(value) || isFunction(value)],
  serializer: aFunction,
  deserializer: aFunction,
  schema: ["a Standard Schema (with '~standard': { version: 1, vendor, validate })", isStandardSchema],
  binaryType: ["'blob' or 'arraybuffer'", (value) => value === 'blob' || value === 'arraybuffer'],
  WebSocketCtor: ['a class', isFunction],
  openObserver: anObserver,
  closingObserver: anObserver,
  closeObserver: anObserver,
  connectTimeout: [`a number of ms above 0 and up to ${maxTimeout}, or a function that gives one`, (value) => isTimeout(value) || isFunction(value)],
  closeTimeout: [`a number of ms above 0 and up to ${maxTimeout}`, isTimeout],
  stableAfter: ['a number of ms, 0 or more', (value) => typeof value === 'number' && value >= 0],
  outbox: ['an object', isObject],
  onInvalid: [
    "'error', 'drop', or a { code, reason } that may be sent",
    (value) => value === 'error' || value === 'drop' || (isObject(value) && sendableClose(value) !== undefined),
  ],
  signal: ['an AbortSignal', (value) => isObject(value) && 'aborted' in value && 'addEventListener' in value],
  transportOptions: ['an object', isObject],
  transport: aFunction,
  unsubscribeCode: ['1000, or 3000–4999', isSendableCloseCode],
};

const aLimit: Check = [
  'a whole number, 0 or more, or Infinity',
  (value) => value === Infinity || (Number.isInteger(value) && (value as number) >= 0),
];
const outboxChecks: Readonly<Record<string, Check>> = {
  maxValues: aLimit,
  maxBytes: aLimit,
  overflow: ["'error', 'drop-oldest' or 'drop-newest'", (value) => ['error', 'drop-oldest', 'drop-newest'].includes(value as string)],
  highWaterMark: aLimit,
  lowWaterMark: aLimit,
};

/** Checks a config, key by key, and fills in the defaults; throws a `TypeError` that names what is wrong and what is allowed. */
export function settingsOf<In, Out>(urlOrConfig: string | URL | WebSocketSubjectConfig<In, Out> | SchemaConfig<In, Out>): Settings<In, Out> {
  const given = isUrl(urlOrConfig) ? { url: urlOrConfig } : urlOrConfig;
  if (!isObject(given)) throw new TypeError(`webSocket: a URL or a config object is wanted, not ${show(given)}`);
  const { schema, deserializer = parse, ...config } = checked<WebSocketSubjectConfig<In, Out> | SchemaConfig<In, Out>>('webSocket', given, checks);
  const { url } = config;
  if (url === undefined) throw new TypeError('webSocket: the config has no `url`');
  const outbox = checked<NonNullable<typeof config.outbox>>('webSocket: outbox', config.outbox ?? {}, outboxChecks);
  const { highWaterMark = 1_048_576 } = outbox;
  const { lowWaterMark = Math.floor(highWaterMark / 4) } = outbox;
  if (lowWaterMark > highWaterMark) {
    throw new TypeError(`webSocket: outbox: 'lowWaterMark' must not be above 'highWaterMark', ${highWaterMark}, and is ${lowWaterMark}`);
  }
  return {
    serializer: (value) => JSON.stringify(value),
    // The one that a deserializer can read at once, and the same on every transport.
    binaryType: 'arraybuffer',
    connectTimeout: defaultConnectTimeout,
    closeTimeout: 5_000,
    stableAfter: 5_000,
    unsubscribeCode: 1000,
    ...(config as Partial<Settings<In, Out>>),
    url,
    deserializer: schema === undefined ? (deserializer as Settings<In, Out>['deserializer']) : validating(deserializer, schema),
    // A copy, which the program cannot change under way.
    onInvalid: sendableClose(config.onInvalid) ?? config.onInvalid ?? 'error',
    outbox: {
      maxValues: outbox.maxValues ?? 1_000,
      maxBytes: outbox.maxBytes ?? Infinity,
      overflow: outbox.overflow ?? 'error',
      highWaterMark,
      lowWaterMark,
    },
  };
}

/** A copy without the keys that are `undefined`: those are as good as not given. */
export function checked<Config extends object>(where: string, config: Config, allowed: Readonly<Record<string, Check>>): Partial<Config> {
  const known = Object.keys(allowed).join(', ');
  const entries = Object.entries(config).filter(([, value]) => value !== undefined);
  for (const [key, value] of entries) {
    const check = Object.hasOwn(allowed, key) ? allowed[key] : undefined;
    if (check === undefined) throw new TypeError(`${where}: there is no option '${key}'; the options are ${known}`);
    const [what, isAllowed] = check;
    if (!isAllowed(value)) throw new TypeError(`${where}: '${key}' must be ${what}, not ${show(value)}`);
  }
  return Object.fromEntries(entries) as Partial<Config>;
}

const parse = ({ data }: { readonly data: unknown }): unknown => JSON.parse(textOf(data));

/** Said here, since what JSON.parse says of "[object ArrayBuffer]" helps nobody. */
function textOf(data: unknown): string {
  if (data instanceof ArrayBuffer || isBlob(data)) throw new TypeError('a binary message came, and JSON is text: give a deserializer that reads it');
  return data as string;
}

/** Of another library, which may make its schemas as functions. */
function isStandardSchema(value: unknown): boolean {
  if (!isObject(value) && typeof value !== 'function') return false;
  const { '~standard': standard } = value as { '~standard'?: Partial<StandardSchema['~standard']> | null };
  return isObject(standard) && standard.version === 1 && isFunction(standard.validate);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

const show = (value: unknown): string => {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return 'a function';
  return isObject(value) ? 'an object' : String(value);
};

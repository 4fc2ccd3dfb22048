import { defaultMaxListeners, getMaxListeners, setMaxListeners } from 'node:events';
import IsomorphicWebSocket from 'isomorphic-ws';
import { HandshakeRefusedError } from '../close/HandshakeRefusedError.js';
import { showValue } from '../close/showValue.js';
import { isFunction, isObject, maxDelay } from '../config/checkArguments.js';
import type { WebSocketCtor, WebSocketLike } from '../config/WebSocketLike.js';
import { Cork, type Corkable } from './Cork.js';
import type { Timer } from './Environment.js';

/** Globals that a test, a mocking library or a simulated page may have replaced. */
interface Globals {
  readonly WebSocket?: WebSocketCtor & { readonly prototype?: { readonly constructor: unknown } };
  readonly jsdom?: { readonly window?: { readonly WebSocket?: unknown } };
}

/**
 * Returns the class of transports in Node: `ws`, through `isomorphic-ws`, unless a test has replaced the global class. It is looked up at each connection,
 * since that may happen at any time. Bundles for browsers, workers and edge platforms get `platform.ts` instead of this file.
 */
export const defaultWebSocket = (): WebSocketCtor => {
  const { jsdom, WebSocket } = globalThis as Globals;
  // The class of jsdom itself never opens a connection under Vitest.
  const isReplaced = typeof WebSocket === 'function' && WebSocket !== jsdom?.window?.WebSocket && !isOfRuntime(WebSocket);
  return isReplaced ? WebSocket : IsomorphicWebSocket;
};

/** The runtime's own class, once it is known: finding out costs an exception. */
let ofRuntime: unknown;

/** Returns whether a class is the runtime's own, without calling its constructor: in Node and Deno its getters throw from their files. */
function isOfRuntime(WebSocket: NonNullable<Globals['WebSocket']>): boolean {
  if (WebSocket === ofRuntime) return true;
  const { prototype } = WebSocket;
  if (prototype?.constructor !== WebSocket || !comesFromRuntime(WebSocket, prototype)) return false;
  ofRuntime = WebSocket;
  return true;
}

function comesFromRuntime(WebSocket: object, prototype: object): boolean {
  // Bun.
  if (Function.prototype.toString.call(WebSocket).includes('[native code]')) return true;
  const { stackTraceLimit } = Error;
  // Assigning would throw where `Error` is frozen.
  Reflect.set(Error, 'stackTraceLimit', 10);
  try {
    Object.getOwnPropertyDescriptor(prototype, 'readyState')?.get?.call({});
    return false;
  } catch (error) {
    return /node:internal\/deps\/undici|ext:deno_web/.test(String((error as Partial<Error> | null)?.stack));
  } finally {
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
  }
}

/** The options of a `ws` client, and those of `http` and `tls` that are often given. Any other may be one of theirs, too. */
const knownOptions = [
  'agent', 'allowSynchronousEvents', 'auth', 'autoPong', 'closeTimeout', 'createConnection', 'finishRequest', 'followRedirects', 'generateMask',
  'handshakeTimeout', 'headers', 'maxBufferedChunks', 'maxFragments', 'maxPayload', 'maxPendingAutoPongs', 'maxRedirects', 'origin', 'perMessageDeflate',
  'protocolVersion', 'rejectUnauthorized', 'skipUTF8Validation',
]; // prettier-ignore

/** Returns whether two names differ only by case, or by one letter that was added, left out or replaced. */
function isNearly(one: string, other: string): boolean {
  const [short, long] = [one.toLowerCase(), other.toLowerCase()].sort((a, b) => a.length - b.length) as [string, string];
  let index = 0;
  while (index < short.length && short[index] === long[index]) index++;
  return short.slice(short.length < long.length ? index : index + 1) === long.slice(index + 1);
}

/** Throws a `TypeError` for options of a constructor that are not an object, or that misspell one of `ws`. */
function requireKnown(options: unknown): void {
  if (!isObject(options)) throw new TypeError(`transportOptions must be an object, not ${showValue(options)}`);
  for (const key of Object.keys(options)) {
    const meant = knownOptions.includes(key) ? undefined : knownOptions.find((known) => isNearly(key, known));
    if (meant !== undefined) throw new TypeError(`transportOptions: no option '${key}'; did you mean '${meant}'?`);
  }
}

/**
 * Checks options that are not a function, and lifts Node's limit for the listeners of a signal: above ten it prints a warning, and many subjects may
 * share one signal.
 */
export function prepare({ signal, transportOptions }: { readonly signal?: AbortSignal | undefined; readonly transportOptions?: unknown }): void {
  if (transportOptions !== undefined && !isFunction(transportOptions)) requireKnown(transportOptions);
  try {
    // Not a limit that your code has set.
    if (signal && getMaxListeners(signal) === defaultMaxListeners) setMaxListeners(0, signal);
  } catch {
    // The limit is lifted already (Node throws for 0), or the signal is no EventTarget of Node's.
  }
}

/**
 * Returns the options for a constructor. `ws` also gets two of ours, unless your options have them: `closeTimeout`, so that it ends TCP that long after the
 * server's Close, instead of 30 s; and no compression, since with it a server can make `ws` throw outside of every handler, which ends the process.
 */
export function optionsFor(WebSocket: WebSocketCtor, options: object | undefined, closeTimeout: number): object | undefined {
  // They may come from a function, which nothing has checked.
  if (options !== undefined) requireKnown(options);
  return WebSocket === IsomorphicWebSocket ? { closeTimeout, perMessageDeflate: false, ...options } : options;
}

/**
 * Keeps `ws` from ending the connection before the timeout of our Close, which may be longer than its own. There is no public way. Without that field, the
 * shorter of both timeouts counts.
 */
export function disableCloseTimer(transport: WebSocketLike): void {
  const socket = transport as { _closeTimeout?: unknown };
  if (typeof socket._closeTimeout === 'number') socket._closeTimeout = maxDelay;
}

/** Whether `close` events say `wasClean: false` always. Those of Node's sockets do not. */
export const hidesWasClean = (): boolean => false;

/** Sets whether a timer, and a `ws` by its stream, keep the process alive. Other sockets of Node always do while they are open. */
export function keepProcess(keeps: boolean, handles: () => readonly unknown[]): void {
  const method = keeps ? 'ref' : 'unref';
  for (const handle of handles()) {
    const { _socket: stream = handle } = (handle ?? {}) as { readonly _socket?: unknown };
    // Outside of Node a timer may be a number.
    (stream as { ref?(): void; unref?(): void } | null | undefined)?.[method]?.();
  }
}

/** There is no page in Node. */
export const defaultPage = (): object | undefined => undefined;

/**
 * Returns a cork for a `ws` client, whose `upgrade` event has the stream that it writes to. A `ws` that a server has accepted, and other classes, emit
 * no such event: they get `null`, or a cork that never holds anything back.
 */
export function corkOf(transport: WebSocketLike): Cork | null {
  const { on } = transport as { on?: unknown };
  if (typeof on !== 'function') return null;
  const cork = new Cork();
  try {
    on.call(transport, 'upgrade', (response: { readonly socket?: unknown } | undefined) => {
      const stream = response?.socket;
      if (isCorkable(stream)) cork.attach(stream);
    });
  } catch {
    // An `on` of another meaning.
  }
  return cork;
}

function isCorkable(stream: unknown): stream is Corkable {
  const { cork, uncork } = (stream ?? {}) as Partial<Corkable>;
  return typeof cork === 'function' && typeof uncork === 'function';
}

/** Returns how many bytes a `ws` has read, from the stream that it keeps. Other transports do not show it: `undefined`. */
export function bytesRead(transport: WebSocketLike): number | undefined {
  return (transport as { readonly _socket?: { readonly bytesRead?: number } | null })._socket?.bytesRead;
}

/**
 * Checks on a timer whether a transport has ended silently: Node's own socket, undici's and Bun's report nothing between the server's Close and the end
 * of TCP, which may never come (S3). `ws` ends TCP by itself. `untilEnd` receives the function that stops the timer. The timer does not keep the
 * process alive.
 */
export function watchSilence(transport: WebSocketLike, startLooking: () => Timer, untilEnd: (stop: () => void) => void): void {
  if (!(transport instanceof EventTarget)) return;
  const timer = startLooking();
  untilEnd(() => clearInterval(timer));
  // Outside of Node a timer may be a number.
  (timer as Partial<Timer>).unref?.();
}

/** Bytes of the body that are kept. */
const maxBody = 1_024;
/** Milliseconds for which the body is read. */
const bodyTimeout = 1_000;

/** The part of an answer of Node's `http` that is read here. */
interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  on(event: string, listener: (data: Uint8Array) => void): unknown;
}

type Listen = (event: 'unexpected-response', listener: (request: unknown, answer?: Answer) => void) => unknown;

/**
 * Listens, on a `ws` client, for an answer to the opening handshake other than 101. Calls `refused` when that arrives, and again when the beginning of
 * its body was read. The caller must then end the attempt: with a listener, `ws` does not.
 */
export function watchRefusal(
  transport: WebSocketLike,
  startTimer: (ms: number, work: () => void) => Timer | undefined,
  refused: (error: HandshakeRefusedError, isRead: boolean) => void,
): void {
  const { on } = transport as { on?: unknown };
  if (typeof on !== 'function') return;
  try {
    (on as Listen).call(transport, 'unexpected-response', (_, answer) => {
      // An `on` of another meaning may call at any time.
      if (typeof answer?.statusCode !== 'number') return;
      const { headers, statusCode } = answer;
      const error = new HandshakeRefusedError(statusCode, headers, '', readRetryAfter(statusCode, headers));
      const decoder = new TextDecoder();
      let room = maxBody;
      const finish = (): void => {
        clearTimeout(timer);
        refused(error, true);
      };
      const timer = startTimer(bodyTimeout, finish);
      refused(error, false);
      answer.on('data', (chunk) => {
        // `stream` leaves out a character whose end is missing.
        (error as { body: string }).body += decoder.decode(chunk.subarray(0, room), { stream: true });
        room = Math.max(0, room - chunk.length);
        if (room === 0) finish();
      });
      answer.on('error', () => undefined);
      answer.on('close', finish);
    });
  } catch {
    // An `on` of another meaning.
  }
}

/**
 * Reads the header `Retry-After` of a 429 or a 503: seconds, or a date, which is compared with the server's own date if that is given.
 *
 * Source: RFC 9110 §10.2.3, and §5.6.7 for the three forms of a date; RFC 6585 §4 for 429.
 */
function readRetryAfter(status: number, { date = '', 'retry-after': retryAfter = '' }: Answer['headers']): number | null {
  if (status !== 429 && status !== 503) return null;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  const wait = readDate(retryAfter) - (readDate(date) || Date.now());
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

/** Parses an HTTP date; `NaN` for anything else. Its `asctime` form names no zone, and means GMT. */
const readDate = (text: string): number => (/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text.endsWith('GMT') ? text : `${text} GMT`) : NaN);

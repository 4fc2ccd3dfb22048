import IsomorphicWebSocket from 'isomorphic-ws';
import type { WebSocketCtor, WebSocketLike } from '../config/WebSocketLike.js';
import { Cork, type Corkable } from './Cork.js';

/** What a test or a mocking library may have put into the place of the runtime's own class, or a simulated page. */
interface Globals {
  readonly WebSocket?: WebSocketCtor & { readonly prototype?: { readonly constructor: unknown } };
  readonly jsdom?: { readonly window?: { readonly WebSocket?: unknown } };
}

/**
 * The socket of Node: `ws`, through `isomorphic-ws`; looked up at each connection, since a test may have replaced the global class meanwhile, and then
 * that is used. Bundles for browsers, workers and edges get `platform.ts` in place of this file.
 */
export const defaultWebSocket = (): WebSocketCtor => {
  const { jsdom, WebSocket } = globalThis as Globals;
  // The class of jsdom itself never opens a connection under Vitest.
  const isReplaced = typeof WebSocket === 'function' && WebSocket !== jsdom?.window?.WebSocket && !isOfRuntime(WebSocket);
  return isReplaced ? WebSocket : IsomorphicWebSocket;
};

/** The runtime's own class, once it is known: to find out takes an exception. */
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
  Error.stackTraceLimit = 10;
  try {
    Object.getOwnPropertyDescriptor(prototype, 'readyState')?.get?.call({});
    return false;
  } catch (error) {
    return /node:internal\/deps\/undici|ext:deno_web/.test(String((error as Partial<Error> | null)?.stack));
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Whether constructors take options as their third argument, as that of `ws` does. */
export const takesOptions: boolean = true;

/** Node's sockets say truly whether they closed cleanly. */
export const hidesWasClean = (): boolean => false;

/** There is no page in Node. */
export const defaultPage = (): object | undefined => undefined;

/**
 * Returns what holds back the values of one task, on a `ws` client that connects: its `upgrade` event names the stream it writes to. A `ws` that a
 * server has accepted has no such event, nor have other classes: `null`, or a cork that never holds anything back.
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

/**
 * Calls `look` every `ms` milliseconds on a transport that may end in silence: Node's own socket and undici's say nothing between the server's
 * Close and the end of TCP, which may never come (S3). `ws` ends TCP by itself. Returns what stops it. The timer does not keep the process alive.
 */
export function watchSilence(transport: WebSocketLike, ms: number, look: () => unknown): (() => void) | undefined {
  if (!(transport instanceof EventTarget) || typeof transport.terminate === 'function') return undefined;
  const timer = setInterval(look, ms);
  // Outside of Node a timer may be a number.
  (timer as Partial<typeof timer>).unref?.();
  return () => clearInterval(timer);
}

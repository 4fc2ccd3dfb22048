import IsomorphicWebSocket from 'isomorphic-ws';
import type { WebSocketCtor, WebSocketLike } from '../config/WebSocketLike.js';
import { Cork, type Corkable } from './Cork.js';

/** The socket of Node: `ws`, through `isomorphic-ws`. Bundles for browsers, workers and edges get `platform.ts` in its place. */
export const defaultWebSocket = (): WebSocketCtor => IsomorphicWebSocket;

/** Whether constructors take options as their third argument, as that of `ws` does. */
export const takesOptions: boolean = true;

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

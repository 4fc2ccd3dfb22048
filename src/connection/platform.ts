import type { WebSocketCtor, WebSocketLike } from '../config/WebSocketLike.js';
import type { Cork } from './Cork.js';

/** The platform's own `WebSocket`, looked up at each connection, so that importing the library where there is none does no harm. */
export const defaultWebSocket = (): WebSocketCtor => {
  const { WebSocket } = globalThis as { WebSocket?: WebSocketCtor };
  if (WebSocket === undefined) throw new TypeError('no global WebSocket: pass a WebSocketCtor');
  return WebSocket;
};

/** Whether constructors take options as their third argument: the standard's take none. */
export const takesOptions: boolean = false;

/** The page or the worker that this runs in. */
export const defaultPage = (): object | undefined => globalThis;

/** Whether `close` events say `wasClean: false` always: those of React Native do. */
export const hidesWasClean = (): boolean => (globalThis as { navigator?: { product?: unknown } }).navigator?.product === 'ReactNative';

/** The standard's sockets give no access to their stream: nothing is held back. */
export const corkOf: (transport: WebSocketLike) => Cork | null = () => null;

/** Browsers end a silent connection by themselves, after some seconds. */
export const watchSilence: (transport: WebSocketLike, ms: number, look: () => unknown) => (() => void) | undefined = () => undefined;

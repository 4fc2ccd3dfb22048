import type { HandshakeRefusedError } from '../close/HandshakeRefusedError.js';
import type { WebSocketCtor, WebSocketLike } from '../config/WebSocketLike.js';
import type { Cork } from './Cork.js';
import type { Timer } from './Environment.js';

/** The platform's own `WebSocket`, looked up at each connection, so that importing the library does no harm if there is none. */
export const defaultWebSocket = (): WebSocketCtor => {
  const { WebSocket } = globalThis as { WebSocket?: WebSocketCtor };
  if (WebSocket === undefined) throw new TypeError('no global WebSocket: pass a WebSocketCtor');
  return WebSocket;
};

/** Returns the options as they are. `Connection` reports a class that takes none. */
export const optionsFor = (_class: WebSocketCtor, options: object | undefined, _closeTimeout: number): object | undefined => options;

/** The page or the worker that this runs in. */
export const defaultPage = (): object | undefined => globalThis;

/** Whether `close` events say `wasClean: false` always: those of React Native do. */
export const hidesWasClean = (): boolean => (globalThis as { navigator?: { product?: unknown } }).navigator?.product === 'ReactNative';

/** The standard's sockets give no access to their stream: nothing is held back. */
export const corkOf: (transport: WebSocketLike) => Cork | null = () => null;

// The rest are functions with an empty body, because bundlers drop calls of these, with the functions that are passed.

/** What runs in pages and workers ends with them. */
export function keepProcess(_keeps: boolean, _handles: () => readonly unknown[]): void {}

/** Browsers end a silent connection by themselves, after some seconds. */
export function watchSilence(_transport: WebSocketLike, _startLooking: () => Timer, _untilEnd: (stop: () => void) => void): void {}

/** The standard's sockets have no timeouts to set. */
export function disableCloseTimer(_transport: WebSocketLike): void {}

/** The standard's sockets do not show the answer of a server that refuses the opening handshake. */
export function watchRefusal(
  _transport: WebSocketLike,
  _startTimer: (ms: number, work: () => void) => Timer | undefined,
  _refused: (error: HandshakeRefusedError, isRead: boolean) => void,
): void {}

/** Only Node's file knows the options of `ws`, and only Node counts the listeners of a signal. */
export function prepare(_settings: { readonly signal?: AbortSignal | undefined; readonly transportOptions?: unknown }): void {}

/** The standard's sockets do not show how many bytes they have read. */
export function bytesRead(_transport: WebSocketLike): undefined {}

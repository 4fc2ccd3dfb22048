import { assertInInjectionContext, inject, Injector, VERSION } from '@angular/core';
import type { WebSocketSubject } from '../subject/WebSocketSubject.js';
import type { WebSocketRef } from './WebSocketRef.js';
import { WebSocketRefImpl } from './WebSocketRefImpl.js';

/** Options of {@link injectWebSocket}. */
export interface InjectWebSocketOptions {
  /** The injector whose end closes the socket. Default: the one of the current injection context. */
  readonly injector?: Injector | undefined;
}

/**
 * Exposes a WebSocket as Angular signals. It lives as long as its injector: that of the application in a root service, that of the component in a component.
 *
 * It connects with the first change detection, in browsers only. Timers and connections stay outside the Angular zone, so they never keep the application
 * from being stable.
 *
 * @param create - returns a new subject, or `undefined` for no socket. When a signal that it reads changes, it runs again: the new socket takes the place of
 *   the previous one, which is closed; values that it has not sent are rejected, or reported on its `warnings`. If it throws, there is no socket, and
 *   `error()` is what it threw, until it runs again. It is no injection context, and is never called on the server.
 *
 *   Make the subject inside the function. A subject that other code subscribes to as well goes on after this ref, and a session that the other code begins
 *   after an end does not deliver its messages here until `reconnect()`.
 * @param options - the injector, if the call is not in an injection context.
 * @throws `Error` where Angular is older than 20, or the call is outside an injection context.
 *
 * @example
 * ```ts
 * import { Injectable, signal } from '@angular/core';
 * import { reconnectOnCode, stop, webSocket } from 'websocket-subject';
 * import { injectWebSocket } from 'websocket-subject/angular';
 *
 * @Injectable({ providedIn: 'root' })
 * export class Quotes {
 *   readonly token = signal<string | undefined>(undefined);
 *   readonly socket = injectWebSocket(() => {
 *     const token = this.token();
 *     if (token === undefined) return undefined;
 *     return webSocket<{ price: number }>({ url: 'wss://quotes.example.com', protocol: ['quotes.v1', `bearer.${token}`] })
 *       .pipeEvents(reconnectOnCode({ 4401: stop }));
 *   });
 * }
 * ```
 */
export function injectWebSocket<In, Out = In>(
  create: () => WebSocketSubject<In, Out> | undefined,
  options: InjectWebSocketOptions = {},
): WebSocketRef<In, Out> {
  if (Number(VERSION.major) < 20) throw new Error(`websocket-subject/angular needs Angular 20 or later, not ${VERSION.full}`);
  if (!options.injector) assertInInjectionContext(injectWebSocket);
  return new WebSocketRefImpl(create, options.injector ?? inject(Injector));
}

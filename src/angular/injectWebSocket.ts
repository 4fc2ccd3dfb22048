import { assertInInjectionContext, inject, Injector, VERSION } from '@angular/core';
import type { WebSocketSubject } from '../subject/WebSocketSubject.js';
import { SocketRef } from './SocketRef.js';
import type { WebSocketRef } from './WebSocketRef.js';

/** Options of {@link injectWebSocket}. */
export interface InjectWebSocketOptions {
  /** Whose end ends the socket. Default: the injector of the place where `injectWebSocket` is called. */
  readonly injector?: Injector | undefined;
}

/**
 * Returns a socket that lives as long as its injector: in a service for the whole application, in a component as long as that.
 *
 * It connects with the first change detection, in browsers only. Timers and connections stay outside the Angular zone, so they never keep the application
 * from being stable.
 *
 * @param create - makes the socket. Signals that it reads choose the socket: when they change, it runs again, and the socket before is left. `undefined`
 *   means no socket. It is never called on the server.
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
  return new SocketRef(create, options.injector ?? inject(Injector));
}

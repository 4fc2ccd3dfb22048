import { assertInInjectionContext, inject, Injector, VERSION } from '@angular/core';
import type { WebSocketSubject } from '../subject/WebSocketSubject.js';
import type { WebSocketRef } from './WebSocketRef.js';
import { WebSocketRefImpl } from './WebSocketRefImpl.js';

/** Options of {@link injectWebSocket}. */
export interface InjectWebSocketOptions {
  /** The socket closes when this injector is destroyed. Default: the injector of the current injection context. */
  readonly injector?: Injector | undefined;
}

/**
 * Exposes a WebSocket as Angular signals. It lives as long as its injector: as long as the application in a root service, as long as the component in a
 * component.
 *
 * It connects at the first change detection, in browsers only. Timers and connections stay outside the Angular zone, so they never delay `whenStable()`.
 *
 * @param create - returns a new subject, or `undefined` for no socket. When a signal that it reads changes, it runs again: the new socket replaces the
 *   previous one, which is closed. Unsent values of `send()` are rejected, and other ones reported on its `warnings`. If it throws, there is no socket, and
 *   `error()` is that error, until it runs again. It does not run in an injection context, and never on the server.
 *
 *   Make the subject inside the function. If other code subscribes to the same subject, it goes on after this ref; and if that code starts a new session,
 *   its messages arrive here only after `reconnect()`.
 * @param options - the injector, if the call is not in an injection context.
 * @throws `Error` if Angular is older than 20, or if the call is outside an injection context.
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

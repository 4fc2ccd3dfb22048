import type { TransportConfig, WebSocketSubjectConfig } from '../config/config.js';
import { WebSocketSubject } from './WebSocketSubject.js';

/**
 * Makes a `WebSocketSubject`, which connects when you subscribe to it.
 *
 * @param urlOrConfig - where to connect, or a config; an unknown key or an impossible value throws a `TypeError` that names it.
 *
 * @example
 * ```ts
 * import { webSocket } from 'websocket-subject';
 *
 * const socket = webSocket<{ price: number }, { op: 'watch'; symbol: string }>('wss://quotes.example.com');
 * ```
 */
export function webSocket<In, Out = In>(urlOrConfig: string | URL | WebSocketSubjectConfig<In, Out> | TransportConfig<In, Out>): WebSocketSubject<In, Out> {
  return new WebSocketSubject<In, Out>(urlOrConfig);
}

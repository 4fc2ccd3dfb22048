import type { SchemaConfig, WebSocketSubjectConfig } from './config.js';
import { WebSocketSubject } from './WebSocketSubject.js';

/**
 * Makes a `WebSocketSubject`. It connects when it is subscribed to.
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
export function webSocket<In, Out = In>(urlOrConfig: string | URL | WebSocketSubjectConfig<In, Out>): WebSocketSubject<In, Out>;
/**
 * Makes a `WebSocketSubject` of messages that a schema has validated, with the type that it gives them.
 *
 * @param config - a config with a `schema`; an unknown key or an impossible value throws a `TypeError` that names it.
 */
// One signature would infer In from what the deserializer gives, too.
// eslint-disable-next-line @typescript-eslint/unified-signatures
export function webSocket<In, Out = In>(config: SchemaConfig<In, Out>): WebSocketSubject<In, Out>;
export function webSocket<In, Out = In>(given: string | URL | WebSocketSubjectConfig<In, Out> | SchemaConfig<In, Out>): WebSocketSubject<In, Out> {
  return new WebSocketSubject<In, Out>(given as SchemaConfig<In, Out>);
}

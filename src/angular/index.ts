/**
 * WebSockets for Angular 20 and later: signals, zones and server rendering.
 *
 * @packageDocumentation
 */

export { injectWebSocket, type InjectWebSocketOptions } from './injectWebSocket.js';
export type { WebSocketRef } from './WebSocketRef.js';

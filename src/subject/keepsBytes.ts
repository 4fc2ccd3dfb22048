import type { WebSocketLike } from './WebSocketLike.js';

/**
 * Whether an open transport reads the bytes it is given after `send()` has returned. The standard's sockets take a copy, and so does a client of
 * `ws` when it masks them. But `ws` compresses in its own time, and the server's side of it, which masks nothing, hands the very bytes to TCP.
 */
export function keepsBytes(transport: WebSocketLike, wasGiven: boolean): boolean {
  return typeof transport.terminate === 'function' && (wasGiven || (transport.extensions ?? '') !== '');
}

import { SocketError } from './SocketError.js';

/**
 * Connecting, closing or a heartbeat took too long. It is the `cause` of an unclean `CloseEvent`, never the error of a stream itself.
 *
 * @example
 * ```ts
 * import { WebSocketTimeoutError } from 'websocket-subject';
 *
 * new WebSocketTimeoutError('connect', 10_000).phase; // => 'connect'
 * ```
 */
export class WebSocketTimeoutError extends SocketError {
  /** What took too long: opening the connection or the work of `waitUntil`, closing, or the activity that a heartbeat expects. */
  declare readonly phase: 'connect' | 'close' | 'heartbeat';
  /** The time that was allowed, in milliseconds. */
  declare readonly ms: number;

  /**
   * @param phase - what took too long
   * @param ms - the time that was allowed, in milliseconds
   */
  constructor(phase: 'connect' | 'close' | 'heartbeat', ms: number) {
    super(`${phase} timed out after ${ms} ms`, { phase, ms });
  }

  /** The name of the class, which minifiers keep. */
  override get name(): 'WebSocketTimeoutError' {
    return 'WebSocketTimeoutError';
  }
}

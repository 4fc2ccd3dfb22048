const messages = {
  connect: (ms: number) => `the WebSocket did not open within ${ms} ms`,
  close: (ms: number) => `the WebSocket did not close within ${ms} ms`,
  heartbeat: (ms: number) => `nothing was heard on the WebSocket for ${ms} ms`,
} as const;

/**
 * Something took too long; it is the `cause` of a `CloseEvent` that was not clean, never the error of a stream itself.
 *
 * @example
 * ```ts
 * import { WebSocketTimeoutError } from 'websocket-subject';
 *
 * new WebSocketTimeoutError('connect', 10_000).message; // => 'the WebSocket did not open within 10000 ms'
 * ```
 */
export class WebSocketTimeoutError extends Error {
  /** What took too long: the way to the open, the way from `close()` to the end, or the answer to a heartbeat. */
  readonly phase: 'connect' | 'close' | 'heartbeat';
  /** The time that was allowed, in milliseconds. */
  readonly ms: number;

  /**
   * @param phase - what took too long
   * @param ms - the time that was allowed, in milliseconds
   */
  constructor(phase: 'connect' | 'close' | 'heartbeat', ms: number) {
    super(messages[phase](ms));
    this.phase = phase;
    this.ms = ms;
  }

  /** The name of the class, which minifiers leave alone. */
  override get name(): 'WebSocketTimeoutError' {
    return 'WebSocketTimeoutError';
  }
}

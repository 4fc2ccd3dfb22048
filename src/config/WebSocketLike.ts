/**
 * What a transport must have: the shape that the platform's `WebSocket`, `ws`, undici's and small mocks share.
 *
 * The library sets its `on…` properties and nothing else to listen. They are `unknown` because each implementation types its handlers by event
 * classes of its own.
 * Source: WHATWG WebSockets, the `WebSocket` interface.
 */
export interface WebSocketLike {
  /** Is set to a function to call when the connection is open. */
  onopen: unknown;
  /** Is set to a function to call with each message, as `{ data }`. */
  onmessage: unknown;
  /** Is set to a function to call with what is known of a failure, before the close. */
  onerror: unknown;
  /** Is set to a function to call when the connection has ended, with `{ code, reason, wasClean }`. */
  onclose: unknown;
  /** 0 connecting, 1 open, 2 closing, 3 closed. A mock may leave it out: it is then open from its `open` to its `close`. */
  readonly readyState?: number;
  /** Is set to the kind of binary messages wanted, `'arraybuffer'` or `'blob'`. A mock may leave it out. */
  binaryType?: unknown;
  /** The subprotocol that the server chose, `''` for none. */
  readonly protocol?: string;
  /** The extensions that the server chose, `''` for none. */
  readonly extensions?: string;
  /** Bytes that were given to `send()` and not sent yet. A transport that leaves it out is taken to send at once. */
  readonly bufferedAmount?: number;
  /** Is called with a code, or a code and a reason, both valid. */
  close(code?: number, reason?: string): void;
  /** Is called with text or binary data. */
  send(data: never): void;
  /** Ends the connection without a handshake; `ws` has it, browsers do not. */
  terminate?(): void;
  /** Sends a ping of the protocol with this payload; `ws` has it, browsers do not. */
  ping?(payload: never): void;
  /** Listens to pongs; `ws` has it. */
  on?(event: never, listener: never): unknown;
  /** Reads nothing more from the network until `resume()`, so that the server must wait; `ws` has it, browsers do not. */
  pause?(): void;
  /** Resumes reading. */
  resume?(): void;
  /** Whether it is paused. `false` after `pause()` means that it cannot be paused. */
  readonly isPaused?: boolean;
}

/** A class of transports, such as the platform's `WebSocket` or the one of `ws`. */
export type WebSocketCtor = new (url: string, protocols?: string | string[]) => WebSocketLike;

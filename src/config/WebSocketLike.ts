/**
 * The members that a transport must have: those that the platform's `WebSocket`, `ws`, undici's and small mocks share.
 *
 * The library listens by setting the `on…` properties. They are `unknown` because each implementation has event types of its own.
 * Source: WHATWG WebSockets, the `WebSocket` interface.
 */
export interface WebSocketLike {
  /** Handler that the library sets: called when the connection is open. */
  onopen: unknown;
  /** Handler that the library sets: called with each message, as `{ data }`. */
  onmessage: unknown;
  /** Handler that the library sets: called with an error event, before the close. */
  onerror: unknown;
  /** Handler that the library sets: called with `{ code, reason, wasClean }` when the connection has ended. */
  onclose: unknown;
  /** 0 connecting, 1 open, 2 closing, 3 closed. A mock may leave it out: it is then open from its `open` to its `close`. */
  readonly readyState?: number;
  /** The kind of binary messages, `'arraybuffer'` or `'blob'`; the library sets it. A mock may leave it out. */
  binaryType?: unknown;
  /** The subprotocol that the server chose, `''` for none. */
  readonly protocol?: string;
  /** The extensions that the server chose, `''` for none. */
  readonly extensions?: string;
  /** Bytes passed to `send()` and not sent yet. Without it, the library assumes that the transport sends at once. */
  readonly bufferedAmount?: number;
  /** Called with a valid code, or with a valid code and reason. */
  close(code?: number, reason?: string): void;
  /** Called with text or binary data. */
  send(data: never): void;
  /** Ends the connection without a handshake; `ws` has it, browsers do not. */
  terminate?(): void;
  /** Sends a ping of the protocol with this payload; `ws` has it, browsers do not. */
  ping?(payload: never): void;
  /** Listens to pongs, and to the answer to the opening handshake; `ws` has it. */
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

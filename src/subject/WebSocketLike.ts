/**
 * What a transport must have: the shape that the platform's `WebSocket`, `ws`, undici's and small mocks share.
 *
 * It is wired by its `on…` properties alone. They are `unknown` because each implementation types its handlers by event classes of its own.
 * Source: WHATWG WebSockets, the `WebSocket` interface.
 */
export interface WebSocketLike {
  /** Is given what to call when the connection is open. */
  onopen: unknown;
  /** Is given what to call with each message, as `{ data }`. */
  onmessage: unknown;
  /** Is given what to call with what is known of a failure, before the close. */
  onerror: unknown;
  /** Is given what to call when the connection has ended, with `{ code, reason, wasClean }`. */
  onclose: unknown;
  /** 0 connecting, 1 open, 2 closing, 3 closed. A mock may leave it out: it is then open from its `open` to its `close`. */
  readonly readyState?: number;
  /** Is set to how binary messages shall arrive, `'arraybuffer'` or `'blob'`. A mock may leave it out: what it gives is converted. */
  binaryType?: unknown;
  /** The subprotocol that the server chose, `''` for none. */
  readonly protocol?: string;
  /** The extensions that the server chose, `''` for none. */
  readonly extensions?: string;
  /** Bytes that it was given and has not sent yet. One that leaves it out is taken to send at once. */
  readonly bufferedAmount?: number;
  /** Called with a code, or a code and a reason, both valid. */
  close(code?: number, reason?: string): void;
  /** Called with what `serializer` gave. */
  send(data: never): void;
  /** Ends the connection without a handshake; `ws` has it, browsers do not. */
  terminate?(): void;
  /** Sends a ping of the protocol with this payload; `ws` has it, browsers do not. */
  ping?(payload: never): void;
  /** Listens to the pongs that come; `ws` has it. */
  on?(event: never, listener: never): unknown;
  /** Reads nothing more from the network until `resume`, so that the peer must wait; `ws` has it, browsers do not. */
  pause?(): void;
  /** Reads on. */
  resume?(): void;
  /** Whether it is paused. One that says no after `pause` is taken to be one that cannot. */
  readonly isPaused?: boolean;
}

/** A class of transports, such as the platform's `WebSocket` or the one of `ws`. */
export type WebSocketCtor = new (url: string, protocols?: string | string[]) => WebSocketLike;

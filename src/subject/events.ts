import type { Observable } from 'rxjs';
import type { CleanCloseEvent, CloseEvent, UncleanCloseEvent } from '../close/CloseEvent.js';
import type { SendableCloseCode } from '../close/SendableCloseCode.js';
import { socketEventBrand } from '../close/socketEventBrand.js';

/**
 * One value of `events`. It narrows on `type`, and a `close` further on `wasClean`.
 *
 * @example
 * ```ts
 * import { webSocket } from 'websocket-subject';
 *
 * webSocket<string>('wss://quotes.example.com').events.subscribe({
 *   next: (event) => {
 *     if (event.type === 'close') console.log(event.code, event.wasClean);
 *   },
 *   error: () => undefined, // an unclean close: the event came before, as a value
 * });
 * ```
 */
export type SocketEvent<In, Out = In> =
  | SocketConnecting
  | SocketOpen<In, Out>
  | SocketMessage<In>
  | SocketReconnecting
  | CleanCloseEvent
  | UncleanCloseEvent;

/**
 * The socket events that are not messages.
 *
 * @internal
 */
export type ControlEvent<In, Out> = Exclude<SocketEvent<In, Out>, SocketMessage<In>>;

/**
 * A close as a stream delivers it.
 *
 * @internal
 */
export type CloseValue = CleanCloseEvent | UncleanCloseEvent;

/** Options of `close()` on an `open` event. */
export interface SocketCloseOptions {
  /** Whether the values that wait in the outbox are sent before Close; `false`. */
  readonly drain?: boolean | undefined;
  /** Ms for draining and for the peer's answer together; the config's `closeTimeout`. */
  readonly timeout?: number | undefined;
}

/**
 * What a `connecting` event can do with its connection.
 *
 * @internal
 */
export interface AttemptHandle {
  close(code: unknown, reason: unknown, options?: SocketCloseOptions): void;
  abort(cause: unknown): void;
}

/**
 * What an `open` event can do with its connection.
 *
 * @internal
 */
export interface OpenHandle<In, Out> extends AttemptHandle {
  readonly gate: Gate;
  readonly messages: Observable<In>;
  send(value: Out): void;
  waitUntil(work: PromiseLike<unknown> | Observable<unknown>): void;
  readonly ping?: () => Promise<number>;
  readonly canSend: boolean;
  readonly refused: number;
}

/**
 * What lets the outbox of an open connection flow (S12).
 *
 * @internal
 */
export interface Gate {
  /** Whether it does, so that what is sent now goes out live. */
  readonly isFlowing: boolean;
  /** Called each time that it is about to begin, to send something before. */
  readonly beforeOutbox: Set<() => void>;
}

// A registered symbol, so that the ES and the CommonJS build of the library know each other's events.
const gateKey: unique symbol = Symbol.for('websocket-subject.gate');

/**
 * The gate of an open connection.
 *
 * @internal
 */
export const gateOf = (open: SocketOpen<unknown, never>): Gate => open[gateKey];

/** A connection is being made: the URL is asked for, or the opening handshake is under way. */
export class SocketConnecting {
  /** What the union narrows on. */
  readonly type = 'connecting';
  readonly #handle: AttemptHandle;

  /** @internal */
  constructor(
    /** The number of this connection: 0 for the first of a session, n for the n-th consecutive retry. */
    readonly attempt: number,
    handle: AttemptHandle,
  ) {
    this.#handle = handle;
  }

  /** @internal */
  get [socketEventBrand](): true {
    return true;
  }

  /**
   * Ends the session, as `close()` of the subject does: the attempt is given up and the session completes with this code.
   *
   * @param code - 1000 (the default), or 3000–4999; anything else throws an `InvalidAccessError`.
   * @param reason - at most 123 bytes of UTF-8, `''` by default; a longer one throws a `SyntaxError`.
   */
  close<Code extends number>(code?: Code & SendableCloseCode<Code>, reason?: string): void {
    this.#handle.close(code, reason);
  }

  /**
   * Gives this attempt up; the session sees it end unclean, 1006, and a policy decides what comes next.
   *
   * @param cause - what the `CloseEvent` has as its `cause`.
   */
  abort(cause?: unknown): void {
    this.#handle.abort(cause);
  }
}

/** A connection is open. */
export class SocketOpen<In, Out = In> {
  /** What the union narrows on. */
  readonly type = 'open';
  /**
   * Sends a ping of the protocol, and gives the ms until its pong; rejects once the connection is closing or gone. Only where the transport has such pings:
   * `ws` does, browsers, Node's own socket and undici's do not.
   */
  ping?(): Promise<number>;
  readonly #handle: OpenHandle<In, Out>;

  /** @internal */
  constructor(
    /** The number of this connection: 0 for the first of a session, n for the n-th consecutive retry. */
    readonly attempt: number,
    /** The subprotocol that the server chose, `''` for none. */
    readonly protocol: string,
    /** The extensions that the server chose, `''` for none. */
    readonly extensions: string,
    /** The URL that was connected to. */
    readonly url: string,
    handle: OpenHandle<In, Out>,
  ) {
    this.#handle = handle;
    if (handle.ping !== undefined) this.ping = handle.ping;
  }

  /** @internal */
  get [socketEventBrand](): true {
    return true;
  }

  /** @internal */
  get [gateKey](): Gate {
    return this.#handle.gate;
  }

  /**
   * Whether the connection still takes values: neither side has sent its Close.
   *
   * @internal
   */
  get canSend(): boolean {
    return this.#handle.canSend;
  }

  /**
   * How many messages of this connection could not be read.
   *
   * @internal
   */
  get refused(): number {
    return this.#handle.refused;
  }

  /** The messages of this connection only, from the subscription on; they complete when it ends. */
  get messages(): Observable<In> {
    return this.#handle.messages;
  }

  /**
   * Has the outbox wait for work to be done on this connection, such as a login (S12); `send()` of this event does not wait.
   *
   * @param work - a promise, or an observable: its completion. When it fails, the connection is aborted with that as its cause, the outbox is kept,
   *   and a policy decides what comes next; so it is when the work takes longer than `connectTimeout`, with a `WebSocketTimeoutError`.
   */
  waitUntil(work: PromiseLike<unknown> | Observable<unknown>): void {
    this.#handle.waitUntil(work);
  }

  /**
   * Sends a value on this connection at once, before whatever the outbox holds.
   *
   * @param value - serialised by `serializer`; a `SerializeError` is thrown when that fails, or gives a `Blob`, which would have to be read first.
   * @throws DOMException `InvalidStateError` once this connection is closing or gone.
   */
  send(value: Out): void {
    this.#handle.send(value);
  }

  /**
   * Ends the session, as `close()` of the subject does.
   *
   * @param code - 1000 (the default), or 3000–4999; anything else throws an `InvalidAccessError`.
   * @param reason - at most 123 bytes of UTF-8, `''` by default; a longer one throws a `SyntaxError`.
   * @param options - whether to drain the outbox first, and how long the end may take.
   */
  close<Code extends number>(code?: Code & SendableCloseCode<Code>, reason?: string, options?: SocketCloseOptions): void {
    this.#handle.close(code, reason, options);
  }

  /**
   * Ends this connection now, without a closing handshake: 1006, and a policy decides what comes next.
   *
   * @param cause - what the `CloseEvent` has as its `cause`.
   */
  abort(cause?: unknown): void {
    this.#handle.abort(cause);
  }
}

/** A message has come. */
export class SocketMessage<In> {
  /** What the union narrows on. */
  readonly type = 'message';

  /** @internal */
  constructor(
    /** What `deserializer` made of the frame. */
    readonly data: In,
  ) {}

  /** @internal */
  get [socketEventBrand](): true {
    return true;
  }
}

/** A connection has ended, and another one is to be made after `delay`: a policy has decided so, or the program has it replaced. */
export class SocketReconnecting {
  /** What the union narrows on. */
  readonly type = 'reconnecting';
  readonly #retryNow: () => void;

  /** @internal */
  constructor(
    /** The number of the retry to come. */
    readonly attempt: number,
    /** Ms until it; `Infinity` while connections are suspended. */
    readonly delay: number,
    /** How the last connection ended. */
    readonly closeEvent: CloseEvent,
    retryNow: () => void,
  ) {
    this.#retryNow = retryNow;
  }

  /** @internal */
  get [socketEventBrand](): true {
    return true;
  }

  /** Ends the wait and connects at once, or as soon as connections are not suspended any more; once the wait is over it does nothing. */
  retryNow(): void {
    this.#retryNow();
  }
}

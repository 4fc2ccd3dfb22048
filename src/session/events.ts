import type { Observable } from 'rxjs';
import type { CleanCloseEvent, CloseEvent, UncleanCloseEvent } from '../close/CloseEvent.js';
import type { SendableCloseCode } from '../close/SendableCloseCode.js';
import { sessionKey } from '../close/sessionKey.js';
import { validateClose } from '../close/validateClose.js';
import { requireTimeout } from '../config/checkArguments.js';
import type { EndRequest } from './EndRequest.js';
import type { OpenConnection } from './OpenConnection.js';

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
  /** Whether to send the outbox before Close. Default `false`. */
  readonly drain?: boolean | undefined;
  /** Timeout in milliseconds for sending the outbox and for the server's answer together. Default: the config's `closeTimeout`. */
  readonly timeout?: number | undefined;
}

// A registered symbol, so that the ES and the CommonJS build of the library know each other's events.
const handleKey: unique symbol = Symbol.for('websocket-subject.handle');

/**
 * Returns the `OpenConnection` of an `open` event.
 *
 * @internal
 */
export const handleOf = <In, Out>(open: SocketOpen<In, Out>): OpenConnection<In, Out> => open[handleKey];

/** A session, as far as a `connecting` event needs it. */
interface EndableSession {
  end(request: EndRequest): void;
}

/** An attempt has begun: it gets the URL, then starts the opening handshake. */
export class SocketConnecting {
  /** The union narrows on it. */
  readonly type = 'connecting';
  readonly #session: EndableSession;
  readonly #connection: { abort(cause: unknown): void };

  /** @internal */
  constructor(
    /** The number of this connection: 0 for the first of a session, n for the n-th consecutive retry. */
    readonly attempt: number,
    session: EndableSession,
    connection: { abort(cause: unknown): void },
  ) {
    this.#session = session;
    this.#connection = connection;
  }

  /** @internal */
  get [sessionKey](): object {
    return this.#session;
  }

  /**
   * Ends the session, as `close()` of the subject does: abandons the attempt, and the session completes with this code.
   *
   * @param code - 1000 (the default), or 3000–4999; anything else throws an `InvalidAccessError`.
   * @param reason - at most 123 bytes of UTF-8, `''` by default; a longer one throws a `SyntaxError`.
   */
  close<Code extends number>(code?: Code & SendableCloseCode<Code>, reason?: string): void {
    this.#session.end(validateClose(code, reason));
  }

  /**
   * Abandons this attempt: it ends as 1006, and the policy decides what comes next.
   *
   * @param cause - becomes the `cause` of the `CloseEvent`.
   */
  abort(cause?: unknown): void {
    this.#connection.abort(cause);
  }
}

/** A connection is open. */
export class SocketOpen<In, Out = In> {
  /** The union narrows on it. */
  readonly type = 'open';
  readonly #handle: OpenConnection<In, Out>;

  /** @internal */
  constructor(
    /** The number of this connection: 0 for the first of a session, n for the n-th consecutive retry. */
    readonly attempt: number,
    /** The subprotocol that the server chose, `''` for none. */
    readonly protocol: string,
    /** The extensions that the server chose, `''` for none. */
    readonly extensions: string,
    handle: OpenConnection<In, Out>,
  ) {
    this.#handle = handle;
  }

  /** @internal */
  get [sessionKey](): object {
    return this.#handle.session;
  }

  /** @internal */
  get [handleKey](): OpenConnection<In, Out> {
    return this.#handle;
  }

  /** The full URL of the connection. Logs of the event do not show it, since it may hold a secret. */
  get url(): string {
    return this.#handle.connection.url;
  }

  /** The messages of this connection only, from the subscription on; they complete when it ends. */
  get messages(): Observable<In> {
    return this.#handle.messages;
  }

  /**
   * Makes the outbox wait for work on this connection, such as a login (S12); `send()` of this event does not wait.
   *
   * @param work - a promise, or an observable that completes when the work is done. If it fails with a sendable `{ code, reason }`, the connection is
   *   closed with them. If it fails with anything else, or takes longer than `connectTimeout`, the connection is aborted with that as its cause. The
   *   outbox is kept, and the policy decides what comes next.
   */
  waitUntil(work: PromiseLike<unknown> | Observable<unknown>): void {
    this.#handle.waitUntil(work);
  }

  /**
   * Sends a value on this connection at once, before the values in the outbox.
   *
   * @param value - converted by `serializer`; a `SerializeError` is thrown when that fails.
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
   * @param options - whether to send the outbox first, and how long the end may take.
   */
  close<Code extends number>(code?: Code & SendableCloseCode<Code>, reason?: string, options: SocketCloseOptions = {}): void {
    const { drain = false, timeout } = options;
    this.#handle.session.end({ ...validateClose(code, reason), drain, timeout: requireTimeout('close: timeout', timeout) });
  }

  /**
   * Ends this connection now, without a closing handshake: 1006, and the policy decides what comes next.
   *
   * @param cause - becomes the `cause` of the `CloseEvent`.
   */
  abort(cause?: unknown): void {
    this.#handle.connection.abort(cause);
  }
}

/** A message has arrived. */
export class SocketMessage<In> {
  /** The union narrows on it. */
  readonly type = 'message';

  /** @internal */
  constructor(
    /** The message, as `deserializer` returned it. */
    readonly data: In,
  ) {}

  /** @internal */
  get [sessionKey](): undefined {
    return undefined;
  }
}

/** A connection has ended, and the next one follows after `delay`, because a policy decided so, or because your code called `reconnect()` or suspended it. */
export class SocketReconnecting {
  /** The union narrows on it. */
  readonly type = 'reconnecting';
  readonly #retryNow: () => void;
  readonly #session: object | undefined;

  /** @internal */
  constructor(
    /** The number of the next connection. */
    readonly attempt: number,
    /** The wait in milliseconds; `Infinity` while connections are suspended. */
    readonly delay: number,
    /** How the last connection ended. */
    readonly closeEvent: CloseEvent,
    retryNow: () => void,
    session?: object,
  ) {
    this.#retryNow = retryNow;
    this.#session = session;
  }

  /** @internal */
  get [sessionKey](): object | undefined {
    return this.#session;
  }

  /** Ends the wait and connects at once, or as soon as a suspension ends. Does nothing once the wait is over. */
  retryNow(): void {
    this.#retryNow();
  }
}

import type { CloseEvent, EventBase } from '../close/CloseEvent.js';
import type { ObservableLike } from './ObservableLike.js';
import type { WebSocketCtor, WebSocketLike } from './WebSocketLike.js';

/** The data of a frame: a string for text, else binary data of the kind that `binaryType` names. Its type is `any`, as from `JSON.parse`. */
export type MessageData = ReturnType<typeof JSON.parse>;

/**
 * The result of a serializer: a string is sent as text, anything else as binary, with exactly its bytes.
 *
 * An `ArrayBufferView` is a `Uint8Array`, a Node `Buffer`, a `DataView` or another view. The bytes are copied when `next()` is called, so you may write
 * to the memory afterwards. A `Blob` is refused, because it cannot be read synchronously: send the result of its `arrayBuffer()`.
 *
 * @example
 * ```ts
 * import { webSocket } from 'websocket-subject';
 *
 * const socket = webSocket<ArrayBuffer, Uint8Array>({
 *   url: 'wss://files.example.com',
 *   serializer: (bytes) => bytes,
 *   deserializer: ({ data }) => data,
 * });
 * socket.next(new Uint8Array([1, 2, 3]).subarray(1)); // a binary message of two bytes
 * ```
 */
export type SerializedData = string | ArrayBuffer | ArrayBufferView;

/** Describes the next connection to the functions of the config. */
export interface ConnectionContext {
  /** The number of the connection: 0 for the first of a session, n for the n-th consecutive retry. */
  readonly attempt: number;
  /** How the previous connection ended; `null` for the first. */
  readonly closeEvent: CloseEvent | null;
  /** Aborted when the attempt or the connection has ended. */
  readonly signal: AbortSignal;
}

/** A value, or a function that returns it. Called before each connection; `connectTimeout` includes the time it takes. */
export type Provided<Value> = Value | ((context: ConnectionContext) => Value | PromiseLike<Value> | ObservableLike<Value>);

/**
 * How a `WebSocketSubject` connects, reads and writes. Only `url` is required; with a `transport` it may be left out, see {@link TransportConfig}.
 *
 * @example
 * ```ts
 * import { webSocket } from 'websocket-subject';
 *
 * const socket = webSocket<string>({
 *   url: ({ attempt }) => `wss://quotes.example.com/?attempt=${attempt}`,
 *   closeTimeout: 2_000,
 *   outbox: { maxValues: 100 },
 * });
 * ```
 */
export interface WebSocketSubjectConfig<In, Out = In> {
  /**
   * Where to connect, or a function that returns it: a value, a promise or an observable (its first value). If the function throws, rejects or ends
   * without a value, the attempt fails: 1006, with the error as `cause`.
   */
  url: Provided<string | URL>;
  /** The subprotocols to offer, or a function that returns them, as for `url`. Default: none, as for `''`. */
  protocol?: Provided<string | string[]> | undefined;
  /**
   * Converts a value passed to `next()` to the data of a frame. Default `JSON.stringify`. When it throws, or returns neither a string nor binary data,
   * `next()` throws a `SerializeError`.
   */
  serializer?(value: Out): SerializedData;
  /**
   * Converts a frame to a message. Default `JSON.parse(event.data)`, which reads text only. `event.data` is a string for text, else what `binaryType`
   * names. When it throws, `onInvalid` decides what happens.
   */
  deserializer?(event: { readonly data: MessageData }): In;
  /**
   * The kind of data that the transport delivers for a binary frame: `'arraybuffer'` (the default) or `'blob'`.
   *
   * The standard's default is `'blob'`, which a deserializer cannot read synchronously.
   *
   * Source: WHATWG WebSockets, the `binaryType` attribute.
   */
  binaryType?: 'blob' | 'arraybuffer' | undefined;
  /**
   * The class of transports. Default: `ws` in Node, Deno and Bun, unless a test has replaced the global `WebSocket`; elsewhere the platform's
   * `WebSocket`.
   */
  WebSocketCtor?: WebSocketCtor | undefined;
  /** Notified of each open connection, with the transport's own event, before the outbox is sent. */
  openObserver?: { next(event: EventBase): void } | undefined;
  /** Notified when your code starts to end a session. */
  closingObserver?: { next(value: undefined): void } | undefined;
  /** Notified when a connection ends, and when the session ends without one. */
  closeObserver?: { next(event: CloseEvent): void } | undefined;
  /**
   * Timeout in milliseconds for an attempt, including the time that `url`, `protocol` and `transportOptions` take, or a function of the attempt's
   * number. Default 10,000, doubling with the attempts to 80,000.
   */
  connectTimeout?: number | ((attempt: number) => number) | undefined;
  /** Timeout in milliseconds for sending the outbox and receiving the server's Close together. Default 5,000. */
  closeTimeout?: number | undefined;
  /** A connection that was open for this many milliseconds counts as stable: the next retry is number 1 again. Default 5,000. */
  stableAfter?: number | undefined;
  /**
   * Limits the values that wait for a connection, or for a transport that cannot keep up: `maxValues` values (default 1,000) and `maxBytes` bytes (default
   * no limit; UTF-8 for text). At the limit a new value is dropped (`overflow: 'drop-newest'`, the default), or the oldest values make room
   * (`'drop-oldest'`): both are reported on `warnings`, and a promise of `send()` rejects with an `OutboxOverflowError`. With `'throw'`, `next()` throws
   * that error.
   *
   * Values also wait on an open connection while the `bufferedAmount` of its transport is above `highWaterMark` bytes (1,048,576), until it has fallen
   * to `lowWaterMark` bytes (a quarter of that). With `highWaterMark: Infinity`, and on a transport without a `bufferedAmount`, no value waits for the
   * transport.
   */
  outbox?:
    | {
        maxValues?: number | undefined;
        maxBytes?: number | undefined;
        overflow?: 'drop-newest' | 'drop-oldest' | 'throw' | undefined;
        highWaterMark?: number | undefined;
        lowWaterMark?: number | undefined;
      }
    | undefined;
  /**
   * What happens when a message cannot be read: the session ends with its `DeserializeError` or `SchemaError` (`'error'`, the default), the
   * message is dropped (`'drop'`), or the connection is closed with a code and the policy decides. The last two are reported on `warnings`.
   */
  onInvalid?: 'error' | 'drop' | { readonly code: number; readonly reason?: string | undefined } | undefined;
  /** Aborting it acts as `complete()` on the running session. While it is aborted, a session ends at once, without a connection. */
  signal?: AbortSignal | undefined;
  /**
   * Options for the constructor of the transport, its third argument: in Node those of `ws`, such as headers and TLS; its `perMessageDeflate` is off by
   * default, because with it a server can end the process. A function returns them for each
   * attempt, as for `url` and after `protocol`, so that a header can be fresh. In Node, a key that differs from an option of `ws` only by case or by
   * one letter throws a `TypeError`; if a function returned it, the attempt fails. Classes that take no options, such as those of browsers and of
   * undici, ignore them, which is reported on `warnings` once. Not used with `transport`.
   */
  transportOptions?: Provided<object> | undefined;
  /**
   * Returns a transport that was made elsewhere, such as one that a `ws` server accepted; it may be open already. If it throws, the attempt fails.
   * `url` is then only reported in `open.url`, and may be left out.
   */
  transport?: ((context: ConnectionContext) => WebSocketLike) | undefined;
  /**
   * Milliseconds to keep the connection after the last subscriber has unsubscribed, in case a new one follows soon: on the next page, or in a
   * component that is created again. Default 0. Meanwhile messages are dropped, `next()` sends, and the operators of the subject that lost its last
   * subscriber go on. `close()`, `complete()`, `error()`, `unsubscribe()` and the `signal` end the session at once.
   */
  linger?: number | undefined;
  /** The code of the Close that is sent when the last subscriber unsubscribes. Default 1000. */
  unsubscribeCode?: number | undefined;
}

/**
 * A config with a `transport`, which needs no `url`.
 *
 * @example
 * ```ts
 * import { WebSocketServer } from 'ws';
 * import { webSocket } from 'websocket-subject';
 *
 * new WebSocketServer({ port: 8080 }).on('connection', (accepted) => {
 *   webSocket<string>({ transport: () => accepted }).subscribe((message) => console.log(message));
 * });
 * ```
 */
export interface TransportConfig<In, Out = In> extends Omit<WebSocketSubjectConfig<In, Out>, 'url' | 'transport'> {
  /** Only reported, in `open.url`. Default `''`. */
  url?: WebSocketSubjectConfig<In, Out>['url'] | undefined;
  /** Returns a transport that was made elsewhere, as in {@link WebSocketSubjectConfig}. */
  transport: NonNullable<WebSocketSubjectConfig<In, Out>['transport']>;
}

import type { Observable } from 'rxjs';
import type { CloseEvent, EventBase } from '../close/CloseEvent.js';
import type { StandardSchema } from './StandardSchema.js';
import type { WebSocketCtor, WebSocketLike } from './WebSocketLike.js';

/**
 * What a message is before it is deserialised: a string when it is text, else an `ArrayBuffer` or a `Blob`, as `binaryType` says; unchecked, as from
 * `JSON.parse`.
 */
export type MessageData = ReturnType<typeof JSON.parse>;

/**
 * What a serializer may give: a string goes out as text, anything else as binary, with exactly its bytes.
 *
 * An `ArrayBufferView` is a `Uint8Array`, a Node `Buffer`, a `DataView`, or another view, of the whole of its memory or of a part; a `Blob` or a `File`
 * is a {@link BlobLike}. The bytes are those of the moment: the memory may be written to again when `next()` has returned.
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
export type SerializedData = string | ArrayBuffer | ArrayBufferView | BlobLike;

/** The part of `Blob` that tells one from other objects. */
export interface BlobLike {
  /** Bytes. */
  readonly size: number;
  /** The media type, `''` for none. */
  readonly type: string;
  /** Reads it. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** What the functions of `url` and `protocol` are told about the connection to be made. */
export interface ConnectionContext {
  /** The number of the connection: 0 for the first of a session, n for the n-th consecutive retry. */
  readonly attempt: number;
  /** How the connection before it ended; `null` for the first. */
  readonly closeEvent: CloseEvent | null;
  /** Aborted when the connection has ended or was given up. */
  readonly signal: AbortSignal;
}

/** A value, or a function that is asked for it before each connection and may take its time, as long as `connectTimeout` allows. */
export type Provided<Value> = Value | ((context: ConnectionContext) => Value | PromiseLike<Value> | Observable<Value>);

/**
 * How a `WebSocketSubject` connects, reads and writes. Only `url` is required.
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
   * Where to connect, or a function that tells: a value, a promise or an observable (its first value). One that throws, rejects or ends without a
   * value is a failed attempt: 1006, with the error as `cause`.
   */
  url: Provided<string | URL>;
  /** The subprotocols to offer, or a function that tells, as for `url`; none, which `''` means too. */
  protocol?: Provided<string | string[]> | undefined;
  /**
   * Makes a frame of a value given to `next()`; `JSON.stringify`. What it throws, `next()` throws as a `SerializeError`, and so it does when this gives
   * neither a string nor binary data, or memory that was transferred.
   *
   * A `Blob` is read before it is sent, which takes a moment on an open connection too: it waits in the outbox, what is sent after it waits behind it,
   * and `complete()` waits for both. One that cannot be read is told on `warnings`, as a value that was dropped.
   */
  serializer?(value: Out): SerializedData;
  /**
   * Makes a message of a frame; `JSON.parse(event.data)`, which reads text only. `event.data` is a string when the frame is text, else what `binaryType`
   * says. What it throws is treated as `onInvalid` says.
   */
  deserializer?(event: { readonly data: MessageData }): In;
  /** What a message must be, as a Standard Schema: see {@link SchemaConfig}. Without one nothing is checked, and nothing is spent on it. */
  schema?: undefined;
  /**
   * What `deserializer` finds in a binary frame, on every transport: an `ArrayBuffer` (`'arraybuffer'`, the default) that holds the message and nothing
   * else, or a `Blob`. Text is a string in any case.
   *
   * The default is not the standard's, which is `'blob'`: a `Blob` cannot be read at once, as a deserializer must. A transport that takes no notice of
   * it, such as an old `ws` or a mock, has its data converted; one that gives a `Blob` all the same where an `ArrayBuffer` is wanted has it treated as
   * `onInvalid` says, and so has a platform without `Blob`.
   *
   * Source: WHATWG WebSockets, the `binaryType` attribute.
   */
  binaryType?: 'blob' | 'arraybuffer' | undefined;
  /** The class of transports; `ws` in Node, elsewhere the platform's `WebSocket`. */
  WebSocketCtor?: WebSocketCtor | undefined;
  /** Told of each open connection, with the transport's own event, before the outbox is sent. */
  openObserver?: { next(event: EventBase): void } | undefined;
  /** Told that the program has begun to end a session. */
  closingObserver?: { next(value: undefined): void } | undefined;
  /** Told of the end of each connection, and of an end by the program while there is none. */
  closeObserver?: { next(event: CloseEvent): void } | undefined;
  /**
   * Ms until an attempt is given up, the time that `url` and `protocol` take included, or a function of the attempt's number; 10,000, doubling
   * with the attempts to 80,000.
   */
  connectTimeout?: number | ((attempt: number) => number) | undefined;
  /** Ms that sending the outbox and waiting for the peer's Close may take together; 5,000. */
  closeTimeout?: number | undefined;
  /** Ms of being open after which a connection counts as stable, so that the next retry is the first again; 5,000. */
  stableAfter?: number | undefined;
  /**
   * How much may wait, for a connection or because the transport cannot keep up: 1,000 values, and as many bytes as there are, unless `maxBytes` is
   * given (UTF-8 for text). What happens to one value more: `next()` throws an `OutboxOverflowError` (`'error'`, the default), the oldest make room
   * (`'drop-oldest'`), or it is itself dropped (`'drop-newest'`); what is dropped is told on `warnings`.
   *
   * Values wait on an open connection, too, while the `bufferedAmount` of its transport is above `highWaterMark` bytes (1,048,576), until it has fallen
   * to `lowWaterMark` bytes (a quarter of that); `Infinity` has the transport take all. One without a `bufferedAmount` takes all.
   */
  outbox?:
    | {
        maxValues?: number | undefined;
        maxBytes?: number | undefined;
        overflow?: 'error' | 'drop-oldest' | 'drop-newest' | undefined;
        highWaterMark?: number | undefined;
        lowWaterMark?: number | undefined;
      }
    | undefined;
  /**
   * What a message does that cannot be read, or that the schema refuses: end the session with its `DeserializeError` or `SchemaError` (`'error'`, the
   * default), be told on `warnings` (`'drop'`), or close the connection with a code, which is told there too; then the policy decides.
   */
  onInvalid?: 'error' | 'drop' | { readonly code: number; readonly reason?: string | undefined } | undefined;
  /** Aborting it is `complete()`, for the session under way and for each that begins later. */
  signal?: AbortSignal | undefined;
  /** Options for the constructor of the transport, its third argument, in Node only: headers, TLS. Elsewhere they are ignored. */
  transportOptions?: object | undefined;
  /**
   * Gives a transport that was made elsewhere, such as one that a `ws` server accepted, in place of a `WebSocketCtor`; it may be open already. What it
   * throws is a failed attempt. `url` is then only told on.
   */
  transport?: ((context: ConnectionContext) => WebSocketLike) | undefined;
  /** The code of the Close that is sent when the last subscriber leaves; 1000. */
  unsubscribeCode?: number | undefined;
}

/**
 * A config with a schema: the messages are what the schema gives, and their type is inferred from it.
 *
 * `webSocket({ url, schema })` makes a `WebSocketSubject<In>` of what the schema gives, and what is sent has the same type. It has its own where
 * `serializer` declares it, or where both are written: `webSocket<In, Out>({ url, schema })`.
 *
 * @example
 * ```ts
 * import { webSocket } from 'websocket-subject';
 * import { z } from 'zod';
 *
 * const Quote = z.object({ symbol: z.string(), price: z.number() });
 * type Ask = { op: 'watch'; symbol: string };
 *
 * const quotes = webSocket({
 *   url: 'wss://quotes.example.com',
 *   schema: Quote,
 *   serializer: (ask: Ask) => JSON.stringify(ask),
 *   onInvalid: 'drop',
 * });
 * quotes.subscribe(({ price }) => console.log(price.toFixed(2)));
 * quotes.next({ op: 'watch', symbol: 'EURUSD' });
 * ```
 */
export interface SchemaConfig<In, Out = In> extends Omit<WebSocketSubjectConfig<In, Out>, 'deserializer' | 'schema'> {
  /**
   * What a message must be, of any library that follows Standard Schema (https://standardschema.dev, version 1): it is given what `deserializer` has
   * read, and what it makes of that is the message. One that it refuses is a `SchemaError`, which `onInvalid` deals with; one that makes it throw is a
   * `DeserializeError`. Each message costs one validation.
   *
   * It must answer at once: one that answers with a promise ends the session with a `TypeError` that names its library, whatever `onInvalid` says. zod
   * does so for a check or a transform that throws, too.
   */
  schema: StandardSchema<In>;
  /** Makes what the schema is given, of any type, of a frame; `JSON.parse(event.data)`. What it throws is treated as `onInvalid` says. */
  deserializer?(event: { readonly data: MessageData }): unknown;
}

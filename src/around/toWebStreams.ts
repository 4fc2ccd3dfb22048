import type { CleanCloseEvent } from '../close/CloseEvent.js';
import { inboxLimits, type InboxOptions } from './InboxOptions.js';
import type { PlatformReadableStream, PlatformWritableStream } from './PlatformStreams.js';
import { StreamPair } from './StreamPair.js';
import type { WebSocketSubject } from '../subject/WebSocketSubject.js';

/** A subject as the streams of the platform. */
export interface WebStreams<In, Out> {
  /** The messages, one for each read: nothing is read ahead but what the inbox holds. */
  readonly readable: PlatformReadableStream<In>;
  /** Sends what is written. */
  readonly writable: PlatformWritableStream<Out>;
  /** How it ended: the clean `CloseEvent`, or the error that subscribers get. Using it is optional. */
  readonly closed: Promise<CleanCloseEvent>;
}

/** The platform's classes of streams, made of such a pair. */
interface Platform<In, Out> {
  readonly ReadableStream?: new (source: StreamPair<In, Out>['source'], strategy: { highWaterMark: number }) => PlatformReadableStream<In>;
  readonly WritableStream?: new (sink: StreamPair<In, Out>['sink']) => PlatformWritableStream<Out>;
}

/**
 * Returns a subject as a pair of WHATWG streams, with backpressure in both directions, for `pipeThrough`, `pipeTo` and Node's `Duplex.fromWeb`.
 *
 * It subscribes at once, so it connects. The readable is one subscriber: it ends as the stream of messages does, after all messages that came before,
 * and cancelling it unsubscribes, which closes with `unsubscribeCode` (1000) unless there are other subscribers. The writable is the subject as an
 * observer: a write is `next()`, and is done when the value does not wait for a connection any more; closing is `complete()`, and is done when the
 * session is over; aborting is `error()`, or, without a reason, unsubscribing. Closing and aborting end the session for all its subscribers.
 *
 * A WebSocket has no half-close: messages that arrive after a writable was closed are dropped (S18). After the end a write fails with an
 * `InvalidStateError`, or with the error that ended the session.
 *
 * @param socket - the subject; one with `reconnectOnCode` gives streams that go on after a reconnect.
 * @param options - how many messages may wait to be read, as for `iterate()`.
 * @throws `TypeError` for an impossible option, and where the platform has no `ReadableStream` or `WritableStream`.
 *
 * @example
 * ```ts
 * import { toWebStreams, webSocket } from 'websocket-subject';
 *
 * const { readable, closed } = toWebStreams(webSocket<string>('wss://logs.example.com'));
 * await readable.pipeTo(new WritableStream({ write: (line) => console.log(line) }));
 * console.log((await closed).code);
 * ```
 */
export function toWebStreams<In, Out>(socket: WebSocketSubject<In, Out>, options: InboxOptions = {}): WebStreams<In, Out> {
  const limits = inboxLimits('toWebStreams', options);
  const { ReadableStream, WritableStream } = globalThis as unknown as Platform<In, Out>;
  if (ReadableStream === undefined || WritableStream === undefined) {
    throw new TypeError('toWebStreams: no global ReadableStream or WritableStream on this platform');
  }
  const pair = new StreamPair(socket, limits);
  const readable = new ReadableStream(pair.source, { highWaterMark: 0 });
  const writable = new WritableStream(pair.sink);
  pair.connect();
  return { readable, writable, closed: pair.closed };
}

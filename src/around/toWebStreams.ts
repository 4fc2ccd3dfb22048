import { Subscription } from 'rxjs';
import type { CleanCloseEvent } from '../close/CloseEvent.js';
import { domException } from '../close/domException.js';
import { WebSocketCloseError } from '../close/WebSocketCloseError.js';
import type { CloseValue } from '../session/events.js';
import { sessionOf, type SessionLink } from '../session/link.js';
import { forward } from '../session/source.js';
import type { WebSocketSubject } from '../subject/WebSocketSubject.js';
import { Inbox } from './Inbox.js';
import type { InboxOptions } from './InboxOptions.js';
import type { PlatformReadableStream, PlatformWritableStream } from './PlatformStreams.js';

/** The streams that {@link toWebStreams} returns. */
export interface WebStreams<In, Out> {
  /** The messages. One is read ahead; the others wait in the inbox, whose limits the options set. */
  readonly readable: PlatformReadableStream<In>;
  /** Sends the values that your code writes. */
  readonly writable: PlatformWritableStream<Out>;
  /** Resolves with the clean `CloseEvent`, or rejects with the error that subscribers receive. Using it is optional. */
  readonly closed: Promise<CleanCloseEvent>;
}

/**
 * Returns a subject as a pair of WHATWG streams, with backpressure in both directions, for `pipeThrough`, `pipeTo` and Node's `Duplex.fromWeb`.
 *
 * It subscribes at once, so it connects. The readable is one subscriber. It ends as the subject does, after all messages that came before. Cancelling it
 * unsubscribes, which closes with `unsubscribeCode` (1000) unless there are other subscribers.
 *
 * The writable sends as the subject does. A write is `send()`: it finishes when the transport has taken the value. Closing is `complete()`: it finishes
 * when the session is over. Aborting is `error()`, or, without a reason, unsubscribing; it does not cut a `complete()` short. Closing and aborting end
 * the session for all its subscribers. Between two sessions of a custom operator, such as RxJS `retry`, they unsubscribe.
 *
 * A WebSocket has no half-close: messages that arrive after the writable was closed are dropped (S18). After the end a write fails with an
 * `InvalidStateError`, or with the error that ended the session.
 *
 * @param socket - the subject; with `reconnectOnCode`, the streams go on after a reconnect
 * @param options - how many messages may wait to be read, as for `iterate()`
 * @throws `TypeError` for an impossible option, and if the platform has no `ReadableStream` or `WritableStream`
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
  if (typeof ReadableStream !== 'function' || typeof WritableStream !== 'function') {
    throw new TypeError('toWebStreams: no global ReadableStream or WritableStream on this platform');
  }
  const inbox = new Inbox<In, Out>('toWebStreams', socket, options);
  let session: SessionLink<In, Out> | undefined;
  let closeEvent: CloseValue | null = null;
  let writing!: WritableStreamDefaultController;
  let failWrite: (reason: unknown) => void = nothing;
  let deferred: Deferred | undefined;
  let settleClosed: ((deferred: Deferred) => void) | undefined;
  let closed: Promise<CleanCloseEvent> | undefined;
  // Made when it is first read, since the session keeps one that waits for its end.
  const readClosed = (): Promise<CleanCloseEvent> => {
    if (closed) return closed;
    closed = new Promise((resolve, reject) => (deferred = { resolve, reject }));
    // Using it is optional. A function made here would keep the streams alive as long as the promise is pending.
    closed.catch(nothing);
    if (deferred) settleClosed?.(deferred);
    return closed;
  };
  /** The first end counts. */
  const ended = (settle: (deferred: Deferred) => void): void => {
    settleClosed ??= settle;
    if (deferred) settleClosed(deferred);
  };

  /** The error of a write after the end. */
  const writeError = (): unknown =>
    inbox.end?.error ? inbox.end.error.value : domException('the session is ending or over', 'InvalidStateError');

  /** Ends the session of these streams. One that your code has ended is ending already, and a newer one may have begun (S7). */
  const endSession = (end: () => void): void => {
    // A custom operator such as `retry` waits to begin another session.
    if (session?.isOver === true) inbox.leave();
    else if (session?.isDetached !== true) end();
  };

  const readable = new ReadableStream<In>({
    pull: async (reading) => {
      try {
        const { done, value } = await inbox.take();
        if (done === true) reading.close();
        else reading.enqueue(value);
      } catch (error) {
        // Only now, and not for a clean end: Node's `Duplex` would drop its unread messages. A write after the end fails by itself.
        writing.error(error);
        throw error;
      }
    },
    cancel: () => {
      if (inbox.end === null) writing.error(domException('the readable was cancelled', 'AbortError'));
      inbox.leave();
    },
  });

  const writable = new WritableStream<Out>({
    start: (controller) => {
      writing = controller;
      // A pending write would hold the abort up, and it may wait for a connection. A few browsers have no signal.
      const { signal } = controller as { signal?: AbortSignal };
      signal?.addEventListener('abort', () => failWrite(signal.reason));
    },
    write: (value) =>
      new Promise<void>((resolve, reject) => {
        failWrite = reject;
        // S7: later values belong to the next session, which is not that of these streams.
        if (inbox.end !== null || session?.isDetached === true) failWrite(writeError());
        // The platform accepts no further write after a failed one, and does not say so: unsubscribe.
        else socket.send(value).then(resolve, (error: unknown) => inbox.error(error));
      }),
    close: async () => {
      if (inbox.end?.error) throw inbox.end.error.value;
      if (inbox.end !== null) return;
      endSession(() => socket.complete());
      await readClosed();
    },
    abort: (reason: unknown) => {
      if (inbox.end !== null) return;
      if (reason === undefined || reason === null) inbox.leave();
      else endSession(() => socket.error(reason));
    },
  });

  inbox.subscription.add(() => {
    failWrite(writeError());
    ended((closing) => settleAtEnd(closing, session));
  });
  const sink = forward(inbox, {
    event: (event) => {
      session = sessionOf(event) ?? session;
      if (event.type === 'close') closeEvent = event;
      inbox.event(event);
    },
    complete: () => {
      if (closeEvent) ended((closing) => settle(closing, closeEvent));
      inbox.complete();
    },
    error: (error) => {
      ended(({ reject }) => reject(error));
      inbox.error(error);
    },
  });
  inbox.connect(sink);
  return {
    readable: readable as unknown as PlatformReadableStream<In>,
    writable: writable as unknown as PlatformWritableStream<Out>,
    get closed() {
      return readClosed();
    },
  };
}

const nothing = (): void => undefined;

/** How `closed` is settled. */
interface Deferred {
  readonly resolve: (event: CleanCloseEvent) => void;
  readonly reject: (reason: unknown) => void;
}

function settle({ resolve, reject }: Deferred, event: CloseValue | null): void {
  if (event?.wasClean === true) resolve(event);
  else reject(event ? new WebSocketCloseError(event) : domException('the streams ended before the session began', 'AbortError'));
}

/** For streams that unsubscribed and received no end: the session still has one. It may go on for long, and must not keep the streams alive. */
function settleAtEnd(deferred: Deferred, session: Pick<SessionLink<never, never>, 'addTeardown' | 'closeEvent'> | undefined): void {
  if (session) session.addTeardown(new Subscription(() => settle(deferred, session.closeEvent)));
  else settle(deferred, null);
}

import { Subscription } from 'rxjs';
import type { CleanCloseEvent } from '../close/CloseEvent.js';
import { domException } from '../close/domException.js';
import { WebSocketCloseError } from '../close/WebSocketCloseError.js';
import type { EndRequest } from '../session/EndRequest.js';
import { errorRequest } from '../session/errorRequest.js';
import type { CloseValue, ControlEvent } from '../session/events.js';
import { sessionOf, type SessionLink } from '../session/link.js';
import { sourceOf, type Sink } from '../session/source.js';
import type { WebSocketSubject } from '../subject/WebSocketSubject.js';
import { Inbox, type InboxEnd } from './Inbox.js';
import type { InboxLimits } from './InboxOptions.js';

/** The controllers of the platform's streams. */
interface ReadableController<In> {
  enqueue(chunk: In): void;
  close(): void;
  error(reason: unknown): void;
}
interface WritableController {
  /** Aborted when the writable is; a few browsers have none. */
  readonly signal?: AbortSignal;
  error(reason: unknown): void;
}

/** How `closed` is settled. */
interface Closing {
  readonly resolve: (event: CleanCloseEvent) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * The two sides of a pair of streams: one subscriber of a subject, and an observer of it.
 *
 * The readable ends after the last message. The writable is errored only then, and only by an error, since Node's `Duplex` would drop what it has not
 * read yet; a write after the end fails by itself.
 */
export class StreamPair<In, Out> implements Sink<In, Out> {
  readonly closed: Promise<CleanCloseEvent>;
  readonly #socket: WebSocketSubject<In, Out>;
  readonly #inbox: Inbox<In, Out>;
  #readable!: ReadableController<In>;
  #writable!: WritableController;
  #closing!: Closing;
  #session: SessionLink<In, Out> | undefined;
  #closeEvent: CloseValue | undefined;
  #end: InboxEnd | null = null;
  /** An end that was requested between two sessions. */
  #request: EndRequest | null = null;
  #isReadableDone = false;
  /** Fails the pending write. */
  #failWrite: (reason: unknown) => void = () => undefined;

  constructor(socket: WebSocketSubject<In, Out>, limits: InboxLimits) {
    this.#socket = socket;
    this.#inbox = new Inbox(limits, (end) => this.#ended(end));
    this.closed = new Promise((resolve, reject) => {
      this.#closing = { resolve, reject };
    });
    // Using it is optional. A function made here would keep the pair alive as long as the promise is pending.
    this.closed.catch(nothing);
  }

  /** The underlying source of the readable. */
  readonly source = {
    start: (controller: ReadableController<In>): void => {
      this.#readable = controller;
    },
    pull: async (): Promise<void> => {
      const { done, value } = await this.#inbox.take();
      if (done !== true) this.#readable.enqueue(value);
      this.#endReadable();
    },
    cancel: (): void => {
      // The platform closes it.
      this.#isReadableDone = true;
      this.#leave('the readable was cancelled');
    },
  };

  /** The underlying sink of the writable. */
  readonly sink = {
    start: (controller: WritableController): void => {
      this.#writable = controller;
      // A pending write would hold the abort up, and it may wait for a connection.
      controller.signal?.addEventListener('abort', () => this.#failWrite(controller.signal?.reason));
    },
    write: (value: Out): Promise<void> =>
      new Promise((resolve, reject) => {
        // Later values belong to the next session (S7), which is not that of these streams.
        this.#failWrite = reject;
        if (this.#end !== null || this.#session?.isFinal === true) this.#failWrite(this.#reason);
        else this.#socket.send(value).then(resolve, (error: unknown) => this.#failed(error));
      }),
    close: async (): Promise<void> => {
      if (this.#end?.error !== undefined) throw this.#end.error.value;
      if (this.#end !== null) return;
      this.#endSession({ code: 1000, reason: '', drain: true });
      await this.closed;
    },
    abort: (reason: unknown): void => {
      if (this.#end !== null) return;
      if (reason === undefined || reason === null) this.#leave('the writable was aborted');
      else this.#endSession(errorRequest(reason));
    },
  };

  connect(): void {
    this.#inbox.connect(sourceOf(this.#socket.events, 'toWebStreams'), this);
  }

  event(event: ControlEvent<In, Out>): void {
    const session = sessionOf<In, Out>(event);
    const request = session === this.#session ? null : this.#request;
    this.#session = session;
    if (request !== null) this.#request = null;
    if (event.type === 'close') this.#closeEvent = event;
    this.#inbox.event(event);
    if (request !== null) session?.end(request);
  }

  readonly message = (data: In): void => this.#inbox.message(data);

  complete(): void {
    if (this.#closeEvent !== undefined) settle(this.#closing, this.#closeEvent);
    this.#inbox.complete();
  }

  error(error: unknown): void {
    this.#closing.reject(error);
    this.#inbox.error(error);
  }

  /** The platform accepts no further write after a failed one, and does not say so: unsubscribe. */
  #failed(error: unknown): void {
    this.#failWrite(error);
    this.#inbox.error(error);
  }

  /** The error of a write after the end. */
  get #reason(): unknown {
    return this.#end?.error ? this.#end.error.value : domException('the session is ending or over', 'InvalidStateError');
  }

  /** Ends the session of these streams; a newer one may have begun. */
  #endSession(request: EndRequest): void {
    const session = this.#session;
    // A custom operator, such as RxJS's `retry`, goes on with another session.
    if (session?.isOver === true) this.#request = request;
    if (session !== undefined) session.end(request);
    // A custom operator holds its first event back.
    else if (request.error !== undefined) this.#socket.error(request.error.value);
    else if (request.drain) this.#socket.complete();
    else this.#socket.error(request);
  }

  #leave(why: string): void {
    const hasLeft = this.#end === null;
    this.#inbox.leave();
    if (hasLeft) this.#writable.error(domException(why, 'AbortError'));
  }

  #ended(end: InboxEnd): void {
    this.#end = end;
    this.#failWrite(this.#reason);
    this.#endReadable();
    // A subscriber that unsubscribed received no end. The session still has one.
    const session = this.#session;
    const closing = this.#closing;
    if (session === undefined) settle(closing, null);
    // It may go on for long without these streams, and must not keep them alive.
    else session.keep(new Subscription(() => settle(closing, session.closeEvent)));
  }

  #endReadable(): void {
    if (this.#isReadableDone || !this.#inbox.isSpent) return;
    this.#isReadableDone = true;
    const error = this.#end?.error;
    if (error === undefined) {
      this.#readable.close();
      return;
    }
    this.#readable.error(error.value);
    this.#writable.error(error.value);
  }
}

const nothing = (): void => undefined;

function settle({ resolve, reject }: Closing, event: CloseValue | null): void {
  if (event?.wasClean === true) resolve(event);
  else reject(event ? new WebSocketCloseError(event) : domException('the streams ended before the session began', 'AbortError'));
}

import { Observable, type Observer } from 'rxjs';
import type { SendableCloseCode } from '../close/SendableCloseCode.js';
import { validateClose } from '../close/validateClose.js';
import type { SchemaConfig, WebSocketSubjectConfig } from './config.js';
import type { ControlMessage } from './ControlMessage.js';
import { Core } from './Core.js';
import { errorRequest } from './errorRequest.js';
import type { SocketEvent } from './events.js';
import { Face } from './Face.js';
import { inboxLimits, type InboxOptions } from './InboxOptions.js';
import { iterate } from './iterate.js';
import { multiplex } from './multiplex.js';
import type { PlatformAsyncDisposable } from './PlatformAsyncDisposable.js';
import { settingsOf } from './settings.js';
import { setParts } from './partsOf.js';
import type { SocketStatus } from './SocketStatus.js';
import type { SocketWarning } from './SocketWarning.js';
import type { SocketOperator } from './SocketOperator.js';
import { eventsFrom, sourceOf } from './source.js';

/**
 * A WebSocket as an RxJS stream of messages that completes when the connection's close is clean and errors with a `WebSocketCloseError` when it is
 * not; what is given to `next()` is sent.
 *
 * Subscribing connects, and many subscribers share one connection. It does not replay the messages that a server sent while there was no
 * connection, and it cannot know whether what a transport took has arrived.
 *
 * @example
 * ```ts
 * import { lastValueFrom } from 'rxjs';
 * import { reconnectOnCode, stop, webSocket, type WebSocketCloseError } from 'websocket-subject';
 *
 * const socket = webSocket<{ price: number }, { op: 'watch' }>('wss://quotes.example.com').pipeEvents(
 *   reconnectOnCode({ 4401: stop }),
 * );
 * socket.subscribe({
 *   next: ({ price }) => console.log(price),
 *   complete: () => console.log('closed'),
 *   error: (error: WebSocketCloseError) => console.log(`lost: ${error.code} ${error.reason}`),
 * });
 * socket.next({ op: 'watch' }); // waits until the connection is open
 * const end = await lastValueFrom(socket.events); // the CloseEvent when clean; rejects when not
 * ```
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- where the symbol is, the constructor defines what the interface declares
export class WebSocketSubject<In, Out = In> extends Observable<In> implements Observer<Out> {
  /** Everything that happens, as socket events. Subscribing connects; the `CloseEvent` is the last value. */
  readonly events: Observable<SocketEvent<In, Out>>;
  readonly #core: Core<In, Out>;
  readonly #face: Face<In, Out>;

  /**
   * @param urlOrConfig - where to connect, or a config; an unknown key or an impossible value throws a `TypeError` that names it.
   */
  constructor(urlOrConfig: string | URL | WebSocketSubjectConfig<In, Out>);
  /**
   * @param config - a config with a `schema`; an unknown key or an impossible value throws a `TypeError` that names it.
   */
  // One signature would infer In from what the deserializer gives, too.
  // eslint-disable-next-line @typescript-eslint/unified-signatures
  constructor(config: SchemaConfig<In, Out>);
  constructor(given: string | URL | WebSocketSubjectConfig<In, Out> | SchemaConfig<In, Out>) {
    // `pipeEvents` comes this way with what it has made, which no type lets a program do.
    const derived = (given as unknown) instanceof Derived ? (given as unknown as Derived<In, Out>) : undefined;
    const core = derived?.core ?? new Core(settingsOf(given));
    const face = derived?.face ?? new Face(core, core.source);
    super((subscriber) => {
      const sink = {
        event: () => undefined,
        message: (data: In) => subscriber.next(data),
        complete: () => subscriber.complete(),
        error: (error: unknown) => subscriber.error(error),
      };
      face.source(sink, subscriber);
    });
    this.#core = core;
    setParts(this, { core, face });
    this.#face = face;
    this.#defineAsyncDispose();
    this.events = eventsFrom(face.source);
  }

  /** Where the subject is. It replays the present, never connects, and is shared by all faces (S10). */
  get status(): Observable<SocketStatus> {
    return this.#core.status;
  }

  /** What was refused, dropped, or thrown by a callback. It never connects; while nobody listens, RxJS's `onUnhandledError` or the console is told. */
  get warnings(): Observable<SocketWarning> {
    return this.#core.warnings;
  }

  /** Whether `unsubscribe()` was called and nobody has subscribed since. */
  get closed(): boolean {
    return this.#face.isClosed;
  }

  /** Whether anybody is subscribed to this face, its messages or its events. */
  get observed(): boolean {
    return this.#face.isObserved;
  }

  /**
   * Sends a value, or keeps it in the outbox until a connection is open and its transport can keep up.
   *
   * @param value - what `serializer` makes a frame of.
   * @throws `SerializeError` when it cannot, `OutboxOverflowError` when the outbox is full and `overflow` is `'error'`; nothing else is lost with it.
   */
  next(value: Out): void {
    this.#core.next(value);
  }

  /**
   * Sends a value as `next()` does, and tells what has become of it.
   *
   * The promise follows the value: while that waits in the outbox, across reconnects and further sessions, it is pending. It does not tell that the value
   * has arrived, which nobody can know without an answer of the server's.
   *
   * @example
   * ```ts
   * import { UnsentError, webSocket } from 'websocket-subject';
   *
   * const socket = webSocket<string>('wss://quotes.example.com');
   * socket.subscribe();
   * try {
   *   await socket.send('watch EURUSD');
   * } catch (error) {
   *   if (error instanceof UnsentError) console.log('ended before it was sent', error.closeEvent?.code);
   * }
   * ```
   *
   * @param value - what `serializer` makes a frame of.
   * @returns resolves once a transport has taken the value. Rejects when none will: with a `SerializeError`, an `OutboxOverflowError` (also when the
   *   value is dropped later, to make room), what the transport threw, or, when the program ends the session first, an `UnsentError` with the
   *   `CloseEvent`. It never throws.
   */
  send(value: Out): Promise<void> {
    return this.#core.send(value);
  }

  /**
   * Waits until there is nothing left to send: the outbox is empty, and the `bufferedAmount` of the transport is not above `outbox.lowWaterMark`. Then
   * there is room for more. It never connects.
   *
   * @example
   * ```ts
   * import { webSocket } from 'websocket-subject';
   *
   * const socket = webSocket<never, Uint8Array>({ url: 'wss://files.example.com', serializer: (part) => part });
   * socket.subscribe();
   * async function upload(parts: AsyncIterable<Uint8Array>): Promise<void> {
   *   for await (const part of parts) {
   *     socket.next(part);
   *     await socket.drained();
   *   }
   * }
   * ```
   *
   * @returns resolves then, at once when it is so already. Rejects with an `UnsentError` when the program ends a session, or empties the outbox of an idle
   *   subject, with values unsent. A connection that is lost keeps what waits (S13), and the promise goes on with the next one.
   */
  drained(): Promise<void> {
    return this.#core.drains.wait();
  }

  /**
   * Ends gracefully: the outbox is sent first, then Close 1000. Before the connection is open it waits for it when there is something to send.
   */
  complete(): void {
    this.#core.end({ code: 1000, reason: '', drain: true });
  }

  /**
   * Ends with an error; it never throws.
   *
   * @param err - `{ code, reason }` that may be sent closes with them, as `close(code, reason)` does; anything else closes with 1000 and is itself
   *   what subscribers get, after the `CloseEvent`.
   */
  error(err: unknown): void {
    this.#core.end(errorRequest(err));
  }

  /**
   * Starts the closing handshake at once; what the outbox holds becomes the `unsent` of the `CloseEvent`. Before the connection is open the attempt
   * ends, and the session completes with this code. On a subject that is closing or closed it does nothing.
   *
   * Source: WHATWG WebSockets, `close()`; that no code means 1000 is ours.
   *
   * @param code - 1000 (the default), or 3000–4999; anything else throws an `InvalidAccessError`, in every state.
   * @param reason - at most 123 bytes of UTF-8, `''` by default; a longer one throws a `SyntaxError`.
   */
  close<Code extends number>(code?: Code & SendableCloseCode<Code>, reason?: string): void {
    this.#core.end({ ...validateClose(code, reason), drain: false });
  }

  /**
   * Applies operators to the socket events and gives a subject again: another face of the same connection, outbox and status. The operators run
   * once, however many subscribe.
   *
   * @param operators - applied in this order: those of one connection before `reconnectOnCode`, those of the whole session after it.
   */
  pipeEvents(...operators: SocketOperator<In, Out>[]): WebSocketSubject<In, Out> {
    const events = operators.reduce((piped, operator) => operator(piped), this.events);
    const face = new Face(this.#core, sourceOf(events, 'pipeEvents'));
    return new WebSocketSubject<In, Out>(new Derived(this.#core, face) as never);
  }

  /**
   * A part of the messages that the server sends because it was asked to: sends `subMsg()` on subscription and `unsubMsg()` at its end.
   *
   * @param subMsg - makes the message that asks the server to begin. On a subject with one type argument it may be anything, as in rxjs/webSocket. While
   *   it waits in the outbox, leaving takes it back.
   * @param unsubMsg - makes the message that asks it to stop; sent only on the connection that took `subMsg()`, while that is open. What it throws is told
   *   on `warnings`.
   * @param messageFilter - tells which messages belong to it. What it or `subMsg` throws is the error of the observable.
   */
  multiplex(
    subMsg: () => ControlMessage<In, Out>,
    unsubMsg: () => ControlMessage<In, Out>,
    messageFilter: (message: In) => boolean,
  ): Observable<In> {
    return multiplex(this, this.#core, subMsg as () => Out, unsubMsg as () => Out, messageFilter);
  }

  /**
   * The messages for `for await`: one at a time, and the server must wait while the loop is busy, where the transport can be paused (`ws`).
   *
   * It is one subscriber: it connects with the first message that is asked for, and ends as the stream does, behind all messages that came before. A
   * clean close ends the loop; anything else is thrown. Leaving the loop early unsubscribes: with no other subscriber, the connection is closed with
   * `unsubscribeCode` (1000); with others, it stays theirs.
   *
   * @example
   * ```ts
   * import { webSocket } from 'websocket-subject';
   *
   * const socket = webSocket<{ price: number }>('wss://quotes.example.com');
   * for await (const { price } of socket) {
   *   if (price > 100) break; // closes with 1000
   * }
   * ```
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<In> {
    return this.iterate();
  }

  /**
   * As the subject itself in a `for await`, with a say in how many messages may wait for the loop, and in what happens when they are too many.
   *
   * While the transport is paused nothing is heard of the peer, neither messages nor its close, by any subscriber: there is one connection. A consumer
   * that must not slow down the others takes `pause: false` and an `overflow` that drops.
   *
   * @param options - an unknown key or an impossible value throws a `TypeError` that names it.
   *
   * @example
   * ```ts
   * import { webSocket } from 'websocket-subject';
   *
   * const lines = webSocket<string>('wss://logs.example.com');
   * for await (const line of lines.iterate({ highWaterMark: 1_000 })) await fetch('/archive', { method: 'POST', body: line });
   * ```
   */
  iterate(options: InboxOptions = {}): AsyncIterableIterator<In> {
    return iterate(this.#face.source, inboxLimits('iterate', options));
  }

  /** Ends every subscription without a terminal and closes with `unsubscribeCode`. The subject may be subscribed again. */
  unsubscribe(): void {
    this.#face.isClosed = true;
    this.#core.unsubscribe();
  }

  /** The messages, without the means to send. */
  asObservable(): Observable<In> {
    return new Observable<In>((subscriber) => this.subscribe(subscriber));
  }

  /** For `await using`: a method of the class, which comes with the first subject, since an import does nothing and the symbol may come after it. */
  #defineAsyncDispose(): void {
    const { asyncDispose } = Symbol as { readonly asyncDispose?: symbol };
    const { prototype } = WebSocketSubject;
    if (typeof asyncDispose !== 'symbol' || asyncDispose in prototype) return;
    const value = function (this: WebSocketSubject<In, Out>): Promise<void> {
      return this.#core.dispose();
    };
    Reflect.defineProperty(prototype, asyncDispose, { value, configurable: true, writable: true });
  }
}

/** What `await using` asks of it, where the consumer's libs declare it. */
// The type parameters of both declarations must be the same.
// eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type
export interface WebSocketSubject<In, Out = In> extends PlatformAsyncDisposable {}

/** What `pipeEvents` makes a subject of. */
class Derived<In, Out> {
  constructor(
    readonly core: Core<In, Out>,
    readonly face: Face<In, Out>,
  ) {}
}

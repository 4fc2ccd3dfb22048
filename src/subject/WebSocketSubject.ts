import { Observable, type Observer } from 'rxjs';
import type { SendableCloseCode } from '../close/SendableCloseCode.js';
import { validateClose } from '../close/validateClose.js';
import type { TransportConfig, WebSocketSubjectConfig } from '../config/config.js';
import type { SocketStatus } from '../config/SocketStatus.js';
import type { SocketWarning } from '../config/SocketWarning.js';
import { Core } from '../session/Core.js';
import { errorRequest } from '../session/errorRequest.js';
import type { SocketEvent } from '../session/events.js';
import { Multicast } from '../session/Multicast.js';
import { SocketEvents, sourceOf } from '../session/source.js';
import type { ControlMessage } from './ControlMessage.js';
import { multiplex } from './multiplex.js';
import { partsKey, type SubjectParts } from './partsOf.js';
import type { SocketOperator } from './SocketOperator.js';

const nothing = (): void => undefined;

/**
 * A WebSocket as an RxJS subject: it emits the messages, and `next()` sends. A clean close completes it; any other close errors it with a
 * `WebSocketCloseError`.
 *
 * Subscribing connects, and all subscribers share one connection. Messages that the server sent while there was no connection are not replayed. Only the
 * server can tell whether a sent value has arrived.
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
export class WebSocketSubject<In, Out = In> extends Observable<In> implements Observer<Out> {
  readonly #core: Core<In, Out>;
  readonly #multicast: Multicast<In, Out>;
  #events: SocketEvents<In, Out> | undefined;

  /**
   * @param urlOrConfig - where to connect, or a config; an unknown key or an impossible value throws a `TypeError` that names it.
   */
  constructor(urlOrConfig: string | URL | WebSocketSubjectConfig<In, Out> | TransportConfig<In, Out>);
  /** @internal */
  constructor(core: Core<In, Out>, multicast: Multicast<In, Out>);
  constructor(given: string | URL | WebSocketSubjectConfig<In, Out> | TransportConfig<In, Out> | Core<In, Out>, derived?: Multicast<In, Out>) {
    const core = derived ? (given as Core<In, Out>) : new Core(given as WebSocketSubjectConfig<In, Out>);
    const multicast = derived ?? new Multicast(core, core.source);
    super((subscriber) => {
      const sink = {
        event: nothing,
        message: (data: In) => subscriber.next(data),
        complete: () => subscriber.complete(),
        error: (error: unknown) => subscriber.error(error),
      };
      multicast.source(sink, subscriber);
    });
    this.#core = core;
    this.#multicast = multicast;
  }

  /** All socket events: connecting, open, messages, reconnecting, close. Subscribing connects; the `CloseEvent` is the last value. */
  get events(): Observable<SocketEvent<In, Out>> {
    return (this.#events ??= new SocketEvents(this.#multicast.source));
  }

  /** The state of the connection. Emits the current state first, never connects, and is shared by all subjects of a `pipeEvents` chain (S10). */
  get status(): Observable<SocketStatus> {
    return this.#core.status;
  }

  /**
   * Messages that could not be read, values that were dropped, and errors that your callbacks threw. Never connects. Without a subscriber, warnings go to
   * RxJS's `onUnhandledError` or the console.
   */
  get warnings(): Observable<SocketWarning> {
    return this.#core.warnings;
  }

  /** Whether `unsubscribe()` was called, with no new subscriber since. */
  get closed(): boolean {
    return this.#multicast.isClosed;
  }

  /** Whether the messages or the `events` of this subject have a subscriber. */
  get observed(): boolean {
    return this.#multicast.isObserved;
  }

  /** @internal */
  get [partsKey](): SubjectParts<In, Out> {
    return { core: this.#core, multicast: this.#multicast };
  }

  /**
   * Sends a value, or keeps it in the outbox until a connection is open and its transport can keep up.
   *
   * @param value - converted to a frame by `serializer`.
   * @throws `SerializeError` when that fails, `OutboxOverflowError` when the outbox is full and `overflow` is `'throw'`. A network failure never
   *   throws.
   */
  next(value: Out): void {
    this.#core.next(value);
  }

  /**
   * Sends a value as `next()` does; the promise settles when the value is sent, dropped or left unsent.
   *
   * It stays pending while the value waits in the outbox, across reconnects and later sessions. It does not show whether the value has arrived: only an
   * answer from the server can.
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
   * @param value - converted to a frame by `serializer`.
   * @returns resolves once a transport has taken the value. Rejects if that will never happen: with a `SerializeError`, an `OutboxOverflowError` (also when
   *   the value is dropped later, to make room), or, when your code ends the session first, an `UnsentError` with the `CloseEvent`. Never throws.
   */
  send(value: Out): Promise<void> {
    return this.#core.send(value);
  }

  /**
   * Ends the session gracefully: sends the outbox, then Close 1000. If values are queued during an attempt, it first waits for the connection to open.
   */
  complete(): void {
    this.#core.end({ code: 1000, reason: '', drain: true });
  }

  /**
   * Closes the socket and errors the subscribers. Never throws.
   *
   * @param err - a sendable `{ code, reason }` closes with them, as `close(code, reason)` does. Anything else closes with 1000 and is the error that
   *   subscribers receive, after the `CloseEvent`.
   */
  error(err: unknown): void {
    this.#core.end(errorRequest(err));
  }

  /**
   * Starts the closing handshake at once; the values in the outbox become the `unsent` of the `CloseEvent`. Before the connection is open it ends the
   * attempt, and the session completes with this code. On a subject that is closing or closed it does nothing.
   *
   * Source: WHATWG WebSockets, `close()`; the default of 1000 is ours.
   *
   * @param code - 1000 (the default), or 3000–4999; anything else throws an `InvalidAccessError`, in every state.
   * @param reason - at most 123 bytes of UTF-8, `''` by default; a longer one throws a `SyntaxError`.
   */
  close<Code extends number>(code?: Code & SendableCloseCode<Code>, reason?: string): void {
    this.#core.end(validateClose(code, reason));
  }

  /**
   * Reconnects immediately: closes an open connection with 1000, abandons a pending attempt, or cuts a wait short. Use it for new credentials, another
   * room, or a Reconnect button.
   *
   * All subscribers receive `reconnecting` and stay subscribed, with or without `reconnectOnCode`. It calls no policy, does not count as a retry, and keeps
   * the outbox. The server has 1 s to answer our Close, or `closeTimeout` if that is shorter. Further calls before the next microtask do nothing. While
   * connections are suspended or the page is offline, the new connection waits. It does nothing without a session, or once your code has ended it.
   *
   * @example
   * ```ts
   * import { webSocket } from 'websocket-subject';
   *
   * let room = 'first';
   * const socket = webSocket<string>({ url: () => `wss://quotes.example.com/${room}` });
   * socket.subscribe();
   * room = 'second';
   * socket.reconnect(); // calls the url function again
   * ```
   */
  reconnect(): void {
    this.#core.session?.reconnect();
  }

  /**
   * Applies operators to the socket events and returns a new subject, which shares connection, outbox and status with this one. The operators run once,
   * however many subscribers there are.
   *
   * @param operators - applied in this order. Put operators for one connection before `reconnectOnCode`, and operators for the whole session after it.
   */
  pipeEvents(...operators: SocketOperator<In, Out>[]): WebSocketSubject<In, Out> {
    const inner: Observable<SocketEvent<In, Out>> = new SocketEvents(this.#multicast.innerSource, true);
    const events = operators.reduce((piped, operator) => operator(piped), inner);
    const multicast = new Multicast(this.#core, sourceOf(events, 'pipeEvents'));
    return new WebSocketSubject<In, Out>(this.#core, multicast);
  }

  /**
   * Returns the messages that a filter selects; sends `subMsg()` on subscription, and `unsubMsg()` when the subscription ends.
   *
   * @param subMsg - makes the message that asks the server to start. On a subject with one type argument it may be anything, as in rxjs/webSocket.
   *   Unsubscribing removes it if it still waits in the outbox.
   * @param unsubMsg - makes the message that asks the server to stop; sent only on the connection that took `subMsg()`, while that is open. If it throws,
   *   that is reported on `warnings`.
   * @param messageFilter - selects the messages. If it or `subMsg` throws, the observable errors with that error.
   */
  multiplex(
    subMsg: () => ControlMessage<In, Out>,
    unsubMsg: () => ControlMessage<In, Out>,
    messageFilter: (message: In) => boolean,
  ): Observable<In> {
    return multiplex(this, this.#core, subMsg as () => Out, unsubMsg as () => Out, messageFilter);
  }

  /** Ends every subscription without `complete` or `error`, and closes with `unsubscribeCode`. You may subscribe again. */
  unsubscribe(): void {
    this.#multicast.isClosed = true;
    this.#core.unsubscribe();
  }

  /** Returns the messages as a plain Observable, which cannot send. */
  asObservable(): Observable<In> {
    return new Observable<In>((subscriber) => this.subscribe(subscriber));
  }
}

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
 * A WebSocket as an RxJS stream of messages that completes when the close is clean and errors with a `WebSocketCloseError` when it is not; values
 * given to `next()` are sent.
 *
 * Subscribing connects, and many subscribers share one connection. It does not replay the messages that a server sent while there was no
 * connection, and it cannot know whether a value that a transport took has arrived.
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

  /** Everything that happens, as socket events. Subscribing connects; the `CloseEvent` is the last value. */
  get events(): Observable<SocketEvent<In, Out>> {
    return (this.#events ??= new SocketEvents(this.#multicast.source));
  }

  /** The state of the connection. It replays the present, never connects, and is shared by all subjects of a `pipeEvents` chain (S10). */
  get status(): Observable<SocketStatus> {
    return this.#core.status;
  }

  /** What was refused or dropped, and what callbacks threw. It never connects. Without a subscriber, RxJS's `onUnhandledError` or the console gets it. */
  get warnings(): Observable<SocketWarning> {
    return this.#core.warnings;
  }

  /** Whether `unsubscribe()` was called and no subscriber has come since. */
  get closed(): boolean {
    return this.#multicast.isClosed;
  }

  /** Whether this subject, its messages or its events, has a subscriber. */
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
   * @throws `SerializeError` when that fails, `OutboxOverflowError` when the outbox is full and `overflow` is `'throw'`. Never for what a network does.
   */
  next(value: Out): void {
    this.#core.next(value);
  }

  /**
   * Sends a value as `next()` does; the promise settles when the value is sent, dropped or left unsent.
   *
   * It is pending while the value waits in the outbox, across reconnects and further sessions. It does not show whether the value has arrived: only an
   * answer of the server can.
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
   * @returns resolves once a transport has taken the value. Rejects when none will: with a `SerializeError`, an `OutboxOverflowError` (also when the
   *   value is dropped later, to make room), or, when your code ends the session first, an `UnsentError` with the `CloseEvent`. Never throws.
   */
  send(value: Out): Promise<void> {
    return this.#core.send(value);
  }

  /**
   * Ends gracefully: sends the outbox, then Close 1000. Before the connection is open it waits for the open if there is something to send.
   */
  complete(): void {
    this.#core.end({ code: 1000, reason: '', drain: true });
  }

  /**
   * Closes the socket and errors the subscribers. Never throws.
   *
   * @param err - `{ code, reason }` that may be sent closes with them, as `close(code, reason)` does; anything else closes with 1000 and is itself
   *   the error that subscribers get, after the `CloseEvent`.
   */
  error(err: unknown): void {
    this.#core.end(errorRequest(err));
  }

  /**
   * Starts the closing handshake at once; the values in the outbox become the `unsent` of the `CloseEvent`. Before the connection is open it ends the
   * attempt, and the session completes with this code. On a subject that is closing or closed it does nothing.
   *
   * Source: WHATWG WebSockets, `close()`; that no code means 1000 is ours.
   *
   * @param code - 1000 (the default), or 3000–4999; anything else throws an `InvalidAccessError`, in every state.
   * @param reason - at most 123 bytes of UTF-8, `''` by default; a longer one throws a `SyntaxError`.
   */
  close<Code extends number>(code?: Code & SendableCloseCode<Code>, reason?: string): void {
    this.#core.end(validateClose(code, reason));
  }

  /**
   * Reconnects immediately: closes an open connection with 1000, abandons a pending attempt, or cuts a wait short. Use it for new credentials, or for
   * a Reconnect button.
   *
   * All subscribers receive `reconnecting` and go on, with or without `reconnectOnCode`. No policy is asked, nothing is counted, and the outbox is kept.
   * After the Close the server has 1 s to answer, or `closeTimeout` where that is less. Further calls before the next microtask do nothing. While
   * connections are suspended or the page is offline, the new one waits for the end of that. Without a session, and after your code has ended it, it
   * does nothing.
   *
   * @example
   * ```ts
   * import { webSocket } from 'websocket-subject';
   *
   * let token = 'old';
   * const socket = webSocket<string>({ url: () => `wss://quotes.example.com/?session=${token}` });
   * socket.subscribe();
   * token = 'new';
   * socket.reconnect(); // asks for the url again
   * ```
   */
  reconnect(): void {
    this.#core.session?.reconnect();
  }

  /**
   * Applies operators to the socket events and returns a subject again, which shares connection, outbox and status with this one. The operators run
   * once, however many subscribe.
   *
   * @param operators - applied in this order: those of one connection before `reconnectOnCode`, those of the whole session after it.
   */
  pipeEvents(...operators: SocketOperator<In, Out>[]): WebSocketSubject<In, Out> {
    const inner: Observable<SocketEvent<In, Out>> = new SocketEvents(this.#multicast.innerSource, true);
    const events = operators.reduce((piped, operator) => operator(piped), inner);
    const multicast = new Multicast(this.#core, sourceOf(events, 'pipeEvents'));
    return new WebSocketSubject<In, Out>(this.#core, multicast);
  }

  /**
   * Returns a part of the messages, which the server sends on request: sends `subMsg()` on subscription and `unsubMsg()` at its end.
   *
   * @param subMsg - makes the message that asks the server to start. On a subject with one type argument it may be anything, as in rxjs/webSocket.
   *   Unsubscribing takes it back while it waits in the outbox.
   * @param unsubMsg - makes the message that asks the server to stop; sent only on the connection that took `subMsg()`, while that is open. What it
   *   throws is reported on `warnings`.
   * @param messageFilter - selects the messages. What it or `subMsg` throws is the error of the observable.
   */
  multiplex(
    subMsg: () => ControlMessage<In, Out>,
    unsubMsg: () => ControlMessage<In, Out>,
    messageFilter: (message: In) => boolean,
  ): Observable<In> {
    return multiplex(this, this.#core, subMsg as () => Out, unsubMsg as () => Out, messageFilter);
  }

  /** Ends every subscription without a terminal and closes with `unsubscribeCode`. The subject may be subscribed again. */
  unsubscribe(): void {
    this.#multicast.isClosed = true;
    this.#core.unsubscribe();
  }

  /** Returns the messages, without the means to send. */
  asObservable(): Observable<In> {
    return new Observable<In>((subscriber) => this.subscribe(subscriber));
  }
}

import type { Signal } from '@angular/core';
import type { Observable } from 'rxjs';
import type { CloseEvent } from '../close/CloseEvent.js';
import type { SendableCloseCode } from '../close/SendableCloseCode.js';
import type { SocketStatus } from '../config/SocketStatus.js';

/**
 * A WebSocket as Angular signals, which `injectWebSocket` returns. No signal throws when your code reads it. The ref goes on after a logout, and after an
 * error.
 *
 * Its methods always use the socket for the current values of the signals. That socket connects at the next change detection. Until then, `next()` and
 * `send()` queue, `reconnect()` connects at once, and `close()` keeps the socket from connecting until `reconnect()`, or until the signals choose another
 * socket.
 */
export interface WebSocketRef<In, Out = In> {
  /** The state of the connection, with times for a countdown. `idle` on the server, before the first change detection, and while there is no socket. */
  readonly status: Signal<SocketStatus>;
  /** The last message; `undefined` before the first one of this socket. It is state: to handle each message, subscribe to `messages`. */
  readonly value: Signal<In | undefined>;
  /** How the last connection ended, also while the next one is pending or open; `null` while no connection of this socket has ended. */
  readonly closeEvent: Signal<CloseEvent | null>;
  /**
   * The error that ended the last session, such as a `WebSocketCloseError`, or the error that `create` threw; `undefined` while a session runs, and after a
   * clean end. A Close with a code, such as 4403, is a clean end: read `closeEvent()`.
   */
  readonly error: Signal<unknown>;
  /**
   * The messages of all sessions, until the injector is destroyed. Subscribing does not connect, and replays nothing.
   *
   * A subscriber inside the Angular zone receives each message in `NgZone.run`, so each message triggers a change detection.
   */
  readonly messages: Observable<In>;

  /**
   * Accumulates messages into a signal, as `scan` does.
   *
   * The state survives reconnects and new sessions. Another socket, such as that of another user, resets it to `initial`. The signal ends with the
   * injection context in which you call `fold`, such as a component; without one, with this ref.
   *
   * @param reduce - called with the state so far and a message; returns a new state. If it returns the same object, nothing changes. If it throws, RxJS
   *   reports that, and the state stays.
   * @param initial - the state before the first message of each socket.
   *
   * @example
   * ```ts
   * import { injectWebSocket } from 'websocket-subject/angular';
   * import { webSocket } from 'websocket-subject';
   *
   * const quotes = injectWebSocket(() => webSocket<{ symbol: string; price: number }>('wss://quotes.example.com'));
   * const prices = quotes.fold((all, { symbol, price }) => ({ ...all, [symbol]: price }), {} as Record<string, number>);
   * ```
   */
  fold<T>(reduce: (state: T, message: In) => T, initial: T): Signal<T>;

  /**
   * Sends a value, or keeps it until a connection is open, as `next()` of the subject does. Without a socket, as on the server, it does nothing.
   *
   * @param value - converted to a frame by `serializer`.
   */
  next(value: Out): void;

  /**
   * Sends a value as `next()` does.
   *
   * @param value - converted to a frame by `serializer`.
   * @returns settles as `send()` of the subject does. It rejects with an `UnsentError` without a socket, as on the server, and when another socket is
   *   chosen, or the injector is destroyed, before the value is sent.
   */
  send(value: Out): Promise<void>;

  /** Connects now: replaces an open connection, cuts a wait short, or starts a new session after the last one has ended. Without a socket it does nothing. */
  reconnect(): void;

  /**
   * Ends the session, as `close()` of the subject does; `reconnect()` begins a new one. Without a socket it does nothing.
   *
   * @param code - 1000 (the default), or 3000–4999; anything else throws an `InvalidAccessError`.
   * @param reason - at most 123 bytes of UTF-8, `''` by default; a longer one throws a `SyntaxError`.
   */
  close<Code extends number>(code?: Code & SendableCloseCode<Code>, reason?: string): void;
}

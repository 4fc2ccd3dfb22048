import type { Signal } from '@angular/core';
import type { Observable } from 'rxjs';
import type { CloseEvent } from '../close/CloseEvent.js';
import type { SendableCloseCode } from '../close/SendableCloseCode.js';
import type { SocketStatus } from '../config/SocketStatus.js';

/**
 * What `injectWebSocket` returns: the state of a socket as signals, none of which throws when it is read, and the means to use it.
 *
 * Sessions follow one another: it goes on after a logout, and after an error.
 */
export interface WebSocketRef<In, Out = In> {
  /** The state of the connection, with times for a countdown. `idle` on the server, before the first change detection, and while there is no socket. */
  readonly status: Signal<SocketStatus>;
  /** The last message; `undefined` before the first one of this socket. */
  readonly value: Signal<In | undefined>;
  /** How the last connection ended, also while the next one is awaited or open; `null` before the first end of this socket. */
  readonly closeEvent: Signal<CloseEvent | null>;
  /** The error that ended the last session, such as a `WebSocketCloseError`; `undefined` while a session runs, and after a clean end. */
  readonly error: Signal<unknown>;
  /**
   * The messages of all sessions. It does not end with them; it completes when the injector is destroyed. Subscribing does not connect, and replays
   * nothing.
   *
   * Who subscribes inside the Angular zone receives each message inside it, which is a change detection a message.
   */
  readonly messages: Observable<In>;

  /**
   * Returns a signal of what a function makes of all messages from now on, across sessions.
   *
   * @param reduce - called with the state so far and a message; returns a new state. The same object again is no change. If it throws, RxJS reports that, and
   *   the state stays.
   * @param initial - the state before the first message.
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
   * @returns settles as `send()` of the subject does. Without a socket, as on the server, it rejects with an `UnsentError`.
   */
  send(value: Out): Promise<void>;

  /** Connects now: replaces an open connection, cuts a wait short, and begins a new session where the last one has ended or is ending. */
  reconnect(): void;

  /**
   * Ends the session, as `close()` of the subject does; `reconnect()` begins a new one. Without a socket it does nothing.
   *
   * @param code - 1000 (the default), or 3000–4999; anything else throws an `InvalidAccessError`.
   * @param reason - at most 123 bytes of UTF-8, `''` by default; a longer one throws a `SyntaxError`.
   */
  close<Code extends number>(code?: Code & SendableCloseCode<Code>, reason?: string): void;
}

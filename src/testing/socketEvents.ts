import { NEVER, type Observable } from 'rxjs';
import { CloseEvent, noFacts, type CleanCloseEvent, type CloseFacts, type UncleanCloseEvent } from '../close/CloseEvent.js';
import { sessionKey } from '../close/sessionKey.js';
import type { ReconnectAttempt } from '../policy/ReconnectPolicy.js';
import type { EndRequest } from '../session/EndRequest.js';
import { SocketConnecting, SocketMessage, SocketOpen, SocketReconnecting } from '../session/events.js';
import type { OpenConnection } from '../session/OpenConnection.js';

/** Options of {@link connecting}. By default the methods of the event do nothing. */
export interface ConnectingOptions {
  /** The number of the connection. Default 0. */
  readonly attempt?: number | undefined;
  /** Called by `close()`, with its arguments. */
  readonly close?: ((code: number, reason: string) => void) | undefined;
  /** Called by `abort()`. */
  readonly abort?: ((cause: unknown) => void) | undefined;
}

/** Options of {@link opened}. */
export interface OpenedOptions<In, Out = In> extends ConnectingOptions {
  /** The subprotocol that the server chose. Default `''`. */
  readonly protocol?: string | undefined;
  /** The URL of the connection. Default `'ws://test/'`. */
  readonly url?: string | undefined;
  /** The `messages` of the event. Default `NEVER`. */
  readonly messages?: Observable<In> | undefined;
  /** Called by `send()`. */
  readonly send?: ((value: Out) => void) | undefined;
  /** Called by `waitUntil()`. */
  readonly waitUntil?: ((work: PromiseLike<unknown> | Observable<unknown>) => void) | undefined;
}

/** Options of {@link reconnecting}. */
export interface ReconnectingOptions {
  /** The number of the next connection. Default 1. */
  readonly attempt?: number | undefined;
  /** The wait in milliseconds. Default 0. */
  readonly delay?: number | undefined;
  /** How the last connection ended. Default `dropped()`. */
  readonly closeEvent?: CloseEvent | undefined;
  /** Called by `retryNow()`. */
  readonly retryNow?: (() => void) | undefined;
}

/** Overrides for the fields of a close event. */
export type ClosedOptions = Partial<Pick<CloseEvent, 'attempt' | 'cause' | 'host' | 'httpStatus' | 'initiator' | 'opened' | 'sent' | 'unsent' | 'uptime'>>;

/** Overrides for what a policy receives besides the close. */
export type AttemptOptions = Partial<Omit<ReconnectAttempt, 'closeEvent'>>;

const nothing = (): void => undefined;

/** Operators look for the session of an event: this one has none. */
const withoutSession = <E extends object>(event: E): E => Object.defineProperty(event, sessionKey, { value: undefined });

/**
 * Makes a `connecting` event, for marble tests.
 *
 * @param options - fields of the event, and functions that its methods call.
 *
 * @example
 * ```ts
 * import { connecting } from 'websocket-subject/testing';
 *
 * connecting({ attempt: 1 }).type; // => 'connecting'
 * ```
 */
export function connecting(options: ConnectingOptions = {}): SocketConnecting {
  const { abort = nothing, attempt = 0, close = nothing } = options;
  return withoutSession(new SocketConnecting(attempt, { end: ({ code, reason }) => close(code, reason) }, { abort }));
}

/**
 * Makes an `open` event, for marble tests of your own operators, such as `hot('-o-m-X')`.
 *
 * @param options - fields of the event, and functions that its methods call.
 *
 * @example
 * ```ts
 * import { opened } from 'websocket-subject/testing';
 *
 * const sent: string[] = [];
 * opened<string>({ protocol: 'v2', send: (value) => sent.push(value) }).send('hello');
 * sent; // => ['hello']
 * ```
 */
export function opened<In = unknown, Out = In>(options: OpenedOptions<In, Out> = {}): SocketOpen<In, Out> {
  const { abort = nothing, attempt = 0, close = nothing, messages = NEVER, protocol = '', send = nothing, url = 'ws://test/', waitUntil = nothing } = options;
  // The parts of a connection that the event uses.
  const handle = { connection: { url, abort }, messages, send, session: { end: ({ code, reason }: EndRequest) => close(code, reason) }, waitUntil };
  return withoutSession(new SocketOpen(attempt, protocol, '', handle as unknown as OpenConnection<In, Out>));
}

/**
 * Makes a `message` event, for marble tests.
 *
 * @param data - the message.
 *
 * @example
 * ```ts
 * import { message } from 'websocket-subject/testing';
 *
 * message({ price: 1.08 }).data; // => { price: 1.08 }
 * ```
 */
export function message<In>(data: In): SocketMessage<In> {
  return new SocketMessage(data);
}

/**
 * Makes a `reconnecting` event, for marble tests.
 *
 * @param options - fields of the event, and the function that `retryNow()` calls.
 *
 * @example
 * ```ts
 * import { closedWith, reconnecting } from 'websocket-subject/testing';
 *
 * reconnecting({ delay: 5_000, closeEvent: closedWith(1012) }).closeEvent.code; // => 1012
 * ```
 */
export function reconnecting(options: ReconnectingOptions = {}): SocketReconnecting {
  const { attempt = 1, closeEvent = dropped(), delay = 0, retryNow = nothing } = options;
  return new SocketReconnecting(attempt, delay, closeEvent, retryNow);
}

/**
 * Makes the event of a clean close by the server, after the connection was open. For tests of operators and policies; the stream completes after it:
 * `'(X|)'`.
 *
 * @param code - the code of the Close.
 * @param reason - its reason, `''` by default.
 * @param facts - overrides for other facts of the event.
 *
 * @example
 * ```ts
 * import { closedWith } from 'websocket-subject/testing';
 *
 * closedWith(1012, 'restart').wasClean; // => true
 * ```
 */
export function closedWith(code: number, reason = '', facts: ClosedOptions = {}): CleanCloseEvent {
  return makeClose({ initiator: 'remote', opened: true, ...facts, code, reason, wasClean: true }) as CleanCloseEvent;
}

/**
 * Makes the event of a lost connection that was open: 1006. For tests of operators and policies; the stream then errors: `'(X#)'`.
 *
 * @param facts - overrides for other facts of the event. `{ opened: false, httpStatus: 503 }` makes it a refused handshake.
 *
 * @example
 * ```ts
 * import { dropped } from 'websocket-subject/testing';
 *
 * dropped({ uptime: 60_000 }).code; // => 1006
 * ```
 */
export function dropped(facts: ClosedOptions = {}): UncleanCloseEvent {
  return makeClose({ initiator: 'transport', opened: true, ...facts, code: 1006, reason: '', wasClean: false }) as UncleanCloseEvent;
}

/** A session of `undefined` makes it an event of your code. */
const makeClose = (facts: Partial<CloseFacts>): CloseEvent => new CloseEvent('close', undefined, { ...noFacts, ...facts }, undefined as unknown as object);

/**
 * Makes the argument of a policy, to test the policy without a clock.
 *
 * @param closeEvent - the close to decide on.
 * @param facts - overrides for the defaults: the first retry, and 0.5 as the randomness of the policies of this library. `repeats` is by default `attempt`.
 *
 * @example
 * ```ts
 * import { between } from 'websocket-subject';
 * import { attemptAfter, closedWith } from 'websocket-subject/testing';
 *
 * between(5_000, 30_000)(attemptAfter(closedWith(1012))); // => 17500
 * ```
 */
export function attemptAfter(closeEvent: CloseEvent, facts: AttemptOptions = {}): ReconnectAttempt {
  const { uptime } = closeEvent;
  const { attempt = 1 } = facts;
  return { closeEvent, attempt, repeats: attempt, elapsed: uptime, uptime, previousDelay: null, random: () => 0.5, ...facts };
}

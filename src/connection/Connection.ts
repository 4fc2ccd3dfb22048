import { defaultWebSocket, disableCloseTimer, optionsFor, watchRefusal, watchSilence } from '#transport';
import { Subscription } from 'rxjs';
import type { CloseFacts } from '../close/CloseEvent.js';
import { showValue } from '../close/showValue.js';
import { WebSocketTimeoutError } from '../close/WebSocketTimeoutError.js';
import { isFunction, isObject, isPromiseLike, isTimeout } from '../config/checkArguments.js';
import type { ConnectionContext, MessageData, Provided } from '../config/config.js';
import { defaultConnectTimeout, isUrl, type Settings } from '../config/settings.js';
import type { WebSocketLike } from '../config/WebSocketLike.js';
import type { Sendable } from './binary.js';
import { inScope, startTimer, type Environment, type Timer } from './Environment.js';
import { isObservableLike, listenTo } from './listenTo.js';
import type { Pausing } from './Pausing.js';
import { readClose, type SaidClose } from './readClose.js';
import { SendBuffer } from './SendBuffer.js';

/** Receives what happens to a connection. Nothing follows `ended` or `refused`. */
export interface ConnectionOwner {
  readonly environment: Environment;
  opened(event: unknown): void;
  received(event: { readonly data: MessageData }): void;
  /** Our Close was handed to the transport; `null` if the server's came first, and ours is never sent. */
  closing(sent: CloseFacts['sent']): void;
  ended(facts: CloseFacts): void;
  /** The transport's constructor threw: a URL or a subprotocol that can never work (S1). */
  refused(error: unknown): void;
  /** A function of the config threw; the connection goes on without it. */
  reportThrown(callback: string, error: unknown): void;
}

type ConnectionSettings = Omit<Settings<unknown, unknown>, 'serializer' | 'deserializer'>;

/**
 * One transport from construction to its end. Never reused, so no handler needs to check which socket an event is from.
 *
 *     new ──> starting (gets the URL) ──> connecting ──> open ──> closing (our Close is sent) ──> ended
 *      └──────────┴───────────────────────────┴───> failing (until the next task) ──────────────────^
 *
 * Each state can go straight to `ended`. `close` ends an open connection by a handshake, `cancel` an attempt cleanly and at once, `abort` either of them
 * uncleanly (1006), an attempt in the next task. Every path ends once: in `#end`, or in `#refuse`, if the constructor throws for constant arguments.
 */
export class Connection {
  readonly attempt: number;
  transport: WebSocketLike | null = null;
  url = '';
  /** Timeout of the attempt in milliseconds. */
  connectTimeout = 0;
  /** The Close that your code asked for; sent, unless the server's came first. */
  closing: { readonly code: number; readonly reason: string } | null = null;
  /** Set by the first consumer that may have to pause the transport. */
  pausing: Pausing | undefined;
  buffer: SendBuffer | undefined;
  #state: 'new' | 'starting' | 'connecting' | 'failing' | 'open' | 'closing' | 'ended' = 'new';
  #openedAt: number | undefined;
  #sent: CloseFacts['sent'] = null;
  #cause: unknown;
  #httpStatus: number | null = null;
  #deadline: Timer | undefined;
  /** Unsubscribed when the attempt fails, our Close is sent, or the connection ends. */
  #work: Subscription | undefined;
  #abortController: AbortController | undefined;
  readonly #settings: ConnectionSettings;
  readonly #owner: ConnectionOwner;

  constructor(settings: ConnectionSettings, attempt: number, owner: ConnectionOwner) {
    this.#settings = settings;
    this.attempt = attempt;
    this.#owner = owner;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Whether our Close was sent, or the connection has ended: another one may be made (S7). */
  get isReleased(): boolean {
    return this.#state === 'closing' || this.#hasEnded;
  }

  /** Whether the transport accepts a value. Also starts `closeTimeout` if it is closing without a `close` event (S3). */
  get canSend(): boolean {
    if (!this.isOpen) return false;
    const ready = this.transport?.readyState ?? 1;
    if (ready > 1) this.#expectClose();
    return ready === 1;
  }

  /** Whether the transport accepts a value, and can keep up with it. */
  get hasRoom(): boolean {
    return this.canSend && this.buffer?.hasRoom === true;
  }

  /** Whether the transport has little left to send. */
  get isLow(): boolean {
    return this.buffer?.isLow !== false;
  }

  /** Gets URL and subprotocol, then constructs the transport: synchronously, unless one of them is a promise or an observable. */
  start(closeEvent: ConnectionContext['closeEvent']): void {
    if (this.#state !== 'new') return;
    this.#state = 'starting';
    const { protocol, transportOptions, url } = this.#settings;
    const ms = (this.connectTimeout = this.#evaluateConnectTimeout());
    if (!this.#isStarting) return;
    // A refusal whose body has not arrived yet is the cause: it says more than a timeout.
    this.#setDeadline(ms, () => this.#giveUp(this.#cause ?? new WebSocketTimeoutError('connect', ms)));
    const context = new Context(this, closeEvent);
    this.#provide('url', url, context, (found) => {
      if (!isUrl(found)) throw new TypeError(`url: not a string or a URL: ${showValue(found)}`);
      this.#provide('protocol', protocol, context, (protocols) => {
        this.#provide('transportOptions', transportOptions, context, (options) =>
          // An observable of yours may emit anywhere.
          inScope(this.#owner.environment, () => this.#construct(found, protocols, options, context)),
        );
      });
    });
  }

  /** Hands data to the transport; only while `canSend`. */
  send(data: Sendable): void {
    this.buffer?.send(data);
  }

  /** Calls `onLow` once the transport has little left to send. */
  whenLow(onLow: () => void): void {
    this.buffer?.whenLow(this.#owner.environment, onLow);
  }

  /** Starts the closing handshake of an open connection; the server has `ms` milliseconds to answer, `closeTimeout` by default. */
  close(code: number, reason: string, ms = this.#settings.closeTimeout): void {
    const { transport } = this;
    if (!this.isOpen || transport === null) return;
    // Before the call, since a transport may end within it.
    this.#state = 'closing';
    this.closing = { code, reason };
    // Above OPEN, the server's Close came first, and ours is never sent.
    if ((transport.readyState ?? 1) < 2) this.#sent = this.closing;
    this.#work?.unsubscribe();
    this.#setDeadline(ms, () => this.#giveUp(new WebSocketTimeoutError('close', ms)));
    try {
      this.pausing?.update();
      disableCloseTimer(transport);
      // A transport may wait for the server's Close with a timer of its own.
      inScope(this.#owner.environment, () => (reason ? transport.close(code, reason) : transport.close(code)));
    } catch (cause) {
      this.#giveUp(cause);
    }
    // It may have ended within the call.
    if (!this.#hasEnded) this.#owner.closing(this.#sent);
  }

  /** Ends without a handshake, as if the network had (1006): an open connection at once, an attempt in the next task. */
  abort(cause: unknown): void {
    if (this.#openedAt === undefined) this.#failAttempt(cause);
    else this.#giveUp(cause);
  }

  /** Ends an attempt at once and cleanly, with this code, because your code asked for it. */
  cancel(code: number, reason: string): void {
    this.#end(code, reason, true, 'local', true);
  }

  /** Aborted when the connection has ended. Made when a function of the config reads it, which is rare. */
  get signal(): AbortSignal {
    this.#abortController ??= new AbortController();
    if (this.#hasEnded) this.#abortController.abort();
    return this.#abortController.signal;
  }

  get #isStarting(): boolean {
    return this.#state === 'starting';
  }

  get #hasEnded(): boolean {
    return this.#state === 'ended';
  }

  /** Resolves a value of the config that may be a function: synchronously, or from its promise or observable. */
  #provide<Value>(name: string, provided: Provided<Value>, context: ConnectionContext, found: (value: Value) => void): void {
    const error = (cause: unknown): void => this.#failAttempt(cause);
    const next = (value: Value): void => {
      try {
        if (this.#isStarting) found(value);
      } catch (cause) {
        error(cause);
      }
    };
    try {
      const answer: unknown = typeof provided === 'function' ? (provided as (context: ConnectionContext) => unknown)(context) : provided;
      if (!isObservableLike(answer) && !isPromiseLike(answer)) {
        next(answer as Value);
        return;
      }
      const complete = (): void => error(new TypeError(`${name}: ended without a value`));
      // Before listening: the attempt may end within the call.
      (this.#work ??= new Subscription()).add(listenTo(answer as PromiseLike<Value>, { next, error, complete }, (thrown) => this.#owner.reportThrown(name, thrown), 'once'));
    } catch (cause) {
      error(cause);
    }
  }

  #construct(url: string | URL, protocols: string | string[] | undefined, given: object | undefined, context: ConnectionContext): void {
    this.#state = 'connecting';
    const transport = this.#makeTransport(url, protocols, given, context);
    if (transport === undefined) return;
    this.transport = transport;
    try {
      this.#listen(transport);
    } catch (cause) {
      // The end of this transport could never be seen.
      this.abort(cause);
    }
    // Your `transport` function, or your constructor, may have ended the session.
    if (this.isReleased) this.#terminate();
    // A `transport` function may return a socket that is open or closed already.
    else if (this.#settings.transport && transport.readyState === 1) this.#opened({ type: 'open', target: transport });
    else if (this.#settings.transport && transport.readyState) this.#failAttempt(new Error('transport: already closed'));
  }

  /** S1: constant arguments that a constructor refuses can never work; a function of yours may return others the next time. */
  #makeTransport(found: string | URL, protocols: string | string[] | undefined, given: object | undefined, context: ConnectionContext): WebSocketLike | undefined {
    const { closeTimeout, protocol, transport, transportOptions, url: configuredUrl, WebSocketCtor } = this.#settings;
    const { environment } = this.#owner;
    try {
      const url = (this.url = String(found));
      if (transport) return requireTransport(transport(context));
      const WebSocket = WebSocketCtor ?? environment.WebSocketCtor ?? defaultWebSocket();
      // As in rxjs/webSocket, '' means no subprotocol; a constructor would refuse it.
      const offered = protocols === '' ? undefined : protocols;
      const options = optionsFor(WebSocket, given, closeTimeout);
      if (!options) return offered === undefined ? new WebSocket(url) : new WebSocket(url, offered);
      // The standard's classes take two arguments, and extend nothing but EventTarget.
      if (!this.#settings.hasNoEffect && WebSocket.length < 3 && Object.getPrototypeOf(WebSocket) === globalThis.EventTarget) {
        this.#settings.hasNoEffect = true;
        this.#owner.reportThrown('transportOptions', new TypeError('no effect'));
      }
      return new (WebSocket as new (...args: unknown[]) => WebSocketLike)(url, offered, options);
    } catch (error) {
      if ([transport, configuredUrl, protocol, transportOptions].some(isFunction)) this.#failAttempt(error);
      else this.#refuse(error);
      return undefined;
    }
  }

  #listen(transport: WebSocketLike): void {
    try {
      transport.binaryType = this.#settings.binaryType;
    } catch {
      // A mock may have it frozen.
    }
    this.buffer = new SendBuffer(transport, this.#settings.outbox);
    watchRefusal(
      transport,
      (ms, work) => startTimer(this.#owner.environment, ms, work),
      (error, isRead) => {
        this.#cause = error;
        this.#httpStatus = error.status;
        if (isRead) this.#failAttempt(error);
      },
    );
    transport.onopen = (event: unknown) => this.#opened(event);
    transport.onmessage = (event: { data: MessageData }) => {
      // S18: after our Close messages are dropped, also on `ws`, which still delivers them. Some mocks never emit `open`.
      if (this.isOpen || this.#state === 'connecting') this.#owner.received(event);
    };
    // Stays for good: a `ws` error without a listener ends the process (S7).
    transport.onerror = (event: unknown) => this.#errored(event);
    // A mock may leave the event out, or parts of it.
    transport.onclose = (event: unknown) => this.#closed(event ?? {});
  }

  #opened(event: unknown): void {
    // The attempt was given up, but the transport has opened: close it again.
    if (this.#hasEnded) this.#terminate();
    const { transport } = this;
    // S3: an `error` has ended the attempt, even if a mock then fires `open`.
    if (this.#state !== 'connecting' || transport === null || this.#cause) return;
    this.#clearDeadline();
    this.#state = 'open';
    this.#openedAt = performance.now();
    watchSilence(
      transport,
      () => inScope(this.#owner.environment, () => setInterval(() => this.canSend, this.#settings.closeTimeout)),
      (stop) => (this.#work ??= new Subscription()).add(stop),
    );
    this.#owner.opened(event);
  }

  /** S3: an error is a hint. This only makes sure that the connection ends even if no `close` follows. */
  #errored(event: unknown): void {
    // `ws` and undici put the error into the event. A browser's event has none: keep the event itself.
    this.#cause ??= (event as { error?: unknown } | null | undefined)?.error ?? event;
    // A `close` may follow, with the code.
    if (this.#state === 'connecting') this.#giveUpSoon(this.#cause);
    else if (this.isOpen) this.#expectClose();
  }

  /** Fails the attempt in the next task. From now on its transport is ignored, including its `close`. */
  #failAttempt(cause: unknown): void {
    if (this.#hasEnded) return;
    this.#state = 'failing';
    this.#giveUpSoon(cause);
  }

  /** Ends the attempt in the next task, so that a loop of failures cannot block. */
  #giveUpSoon(cause: unknown): void {
    this.#work?.unsubscribe();
    this.#setDeadline(0, () => this.#giveUp(cause));
  }

  /** Waits `closeTimeout` for the `close` event. If the transport is still open then, the connection goes on. */
  #expectClose(): void {
    const ms = this.#settings.closeTimeout;
    this.#deadline ??= startTimer(this.#owner.environment, ms, () => {
      this.#deadline = undefined;
      if ((this.transport?.readyState ?? 1) > 1) this.#giveUp(this.#cause ?? new WebSocketTimeoutError('close', ms));
    });
  }

  #closed(event: SaidClose): void {
    if (this.#state === 'failing') return;
    const { code, reason, wasClean, cause } = readClose(event);
    this.#cause ??= cause;
    // S3: without an open there was no Close, whatever the event says.
    if (this.#openedAt === undefined) this.#end(1006, '', false, 'transport');
    // workerd may leave the answer to the server's Close to us: the transport is still closing then.
    else this.#end(code, reason, wasClean, this.#sent ? 'local' : code === 1006 ? 'transport' : 'remote', this.transport?.readyState === 2);
  }

  #giveUp(cause: unknown): void {
    this.#cause = cause;
    this.#end(1006, '', false, this.closing ? 'local' : 'transport', true);
  }

  #end(code: number, reason: string, wasClean: boolean, initiator: CloseFacts['initiator'], terminates = false): void {
    if (this.#hasEnded) return;
    this.#dispose();
    if (terminates) this.#terminate();
    const { attempt } = this;
    const opened = this.#openedAt !== undefined;
    const uptime = opened ? Math.round(performance.now() - (this.#openedAt ?? 0)) : 0;
    const host = hostOf(this.url);
    const httpStatus = this.#httpStatus;
    this.#owner.ended({ code, reason, wasClean, initiator, opened, host, httpStatus, attempt, uptime, unsent: [], sent: this.#sent, cause: this.#cause });
    // Last: its listeners may subscribe, and must find the next session.
    this.#abortController?.abort();
  }

  #refuse(error: unknown): void {
    this.#dispose();
    this.#owner.refused(error);
  }

  #dispose(): void {
    this.#state = 'ended';
    this.#clearDeadline();
    this.buffer?.stop();
    this.#work?.unsubscribe();
  }

  /** Closes a transport that was given up. Its later events are ignored, also those within this call. */
  #terminate(): void {
    const { transport } = this;
    try {
      this.pausing?.update();
      this.buffer?.flush();
      if (typeof transport?.terminate === 'function') transport.terminate();
      else if (!this.closing) transport?.close(1000);
    } catch {
      // Its `close()` or `terminate()` has thrown: ignore that.
    }
  }

  #setDeadline(ms: number, expired: () => void): void {
    this.#clearDeadline();
    this.#deadline = startTimer(this.#owner.environment, ms, expired);
  }

  #clearDeadline(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }

  #evaluateConnectTimeout(): number {
    const { connectTimeout = this.#owner.environment.connectTimeout ?? defaultConnectTimeout } = this.#settings;
    if (typeof connectTimeout === 'number') return connectTimeout;
    try {
      const ms = connectTimeout(this.attempt);
      if (isTimeout(ms)) return ms;
      throw new RangeError(`connectTimeout: not milliseconds above 0: ${showValue(ms)}`);
    } catch (error) {
      this.#owner.reportThrown('connectTimeout', error);
    }
    return defaultConnectTimeout(this.attempt);
  }
}

/** The argument of the functions of the config. */
class Context implements ConnectionContext {
  readonly attempt: number;
  readonly closeEvent: ConnectionContext['closeEvent'];
  readonly #connection: Connection;

  constructor(connection: Connection, closeEvent: ConnectionContext['closeEvent']) {
    this.attempt = connection.attempt;
    this.closeEvent = closeEvent;
    this.#connection = connection;
  }

  get signal(): AbortSignal {
    return this.#connection.signal;
  }
}

/** The rest of a URL may hold a secret. */
function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return '';
  }
}

function requireTransport(given: WebSocketLike | null | undefined): WebSocketLike {
  if (isObject(given)) return given;
  throw new TypeError(`transport: not a WebSocket: ${showValue(given)}`);
}

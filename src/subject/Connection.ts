import { Subscription } from 'rxjs';
import { domException } from '../close/domException.js';
import { WebSocketTimeoutError } from '../close/WebSocketTimeoutError.js';
import type { CloseFacts } from '../close/CloseEvent.js';
import type { Brake } from './Brake.js';
import type { ConnectionContext, MessageData } from './config.js';
import { copyOfBytes } from './copyOfBytes.js';
import { keepsBytes } from './keepsBytes.js';
import { makeTransport, type TransportSettings } from './makeTransport.js';
import { ProtocolPings } from './ProtocolPings.js';
import { provide } from './provide.js';
import type { Sendable } from './sendable.js';
import { SendBuffer } from './SendBuffer.js';
import { defaultConnectTimeout, isTimeout, isUrl, maxTimeout, type Settings } from './settings.js';
import type { SocketWarning } from './SocketWarning.js';
import { watchSilence } from './watchSilence.js';
import type { WebSocketLike } from './WebSocketLike.js';

/** How a connection ended; the session adds what it knows to make the `CloseEvent`. */
export type ConnectionEnd = Omit<CloseFacts, 'attempt' | 'unsent'>;

/** The part of the settings that a connection needs: none of it speaks of the types of messages. */
type ConnectionSettings = TransportSettings &
  Pick<Settings<unknown, unknown>, 'url' | 'protocol' | 'binaryType' | 'connectTimeout' | 'closeTimeout' | 'outbox'>;

/** Whom a connection tells what happens to it. Nothing is told after `ended` or `refused`. */
export interface ConnectionOwner {
  /** Holds an open connection back. */
  readonly brake: Brake;
  opened(event: unknown): void;
  received(event: { readonly data: MessageData }): void;
  ended(end: ConnectionEnd): void;
  /** The transport's constructor has thrown: a URL or a subprotocol that can never work (S1). */
  refused(error: unknown): void;
  warn(warning: SocketWarning): void;
}

/**
 * One transport from construction to its end. Never reused, so no handler asks whether an event is from its own socket.
 *
 *     new ──> starting (asks for the URL) ──> connecting ──> open ──> closing (our Close is sent) ──> ended
 *      └──────────┴───────────────────────────────┴───────────┴──────────────────────────────────────^
 */
export class Connection {
  #state: 'new' | 'starting' | 'connecting' | 'open' | 'closing' | 'ended' = 'new';
  #transport: WebSocketLike | null = null;
  #buffer: SendBuffer | null = null;
  #openedAt: number | null = null;
  #url = '';
  #sent: { code: number; reason: string } | null = null;
  #peerFirst = false;
  #keepsBytes = false;
  /** Given up before it was open, and about to be told as ended. */
  #isAborted = false;
  #connectTimeout = 0;
  #cause: unknown;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #isPaused = false;
  #stopWatch: () => void = () => undefined;
  #pings: ProtocolPings | null = null;
  readonly #providers = new Subscription();
  #abort: AbortController | undefined;
  readonly #settings: ConnectionSettings;
  readonly #owner: ConnectionOwner;
  readonly attempt: number;

  constructor(settings: ConnectionSettings, attempt: number, owner: ConnectionOwner) {
    this.#settings = settings;
    this.attempt = attempt;
    this.#owner = owner;
  }

  /** Ms that the attempt may take, asked for when it began. */
  get connectTimeout(): number {
    return this.#connectTimeout;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Our Close was sent, or the connection has ended: another one may be made (S7). */
  get isLeft(): boolean {
    return this.#state === 'closing' || this.#state === 'ended';
  }

  /** Our Close was sent, and the peer has not answered yet. */
  get isClosing(): boolean {
    return this.#state === 'closing';
  }

  get url(): string {
    return this.#url;
  }

  get protocol(): string {
    return this.#transport?.protocol ?? '';
  }

  get extensions(): string {
    return this.#transport?.extensions ?? '';
  }

  /** Whether the transport takes a value. When it has begun to close without a word, the deadline of S3 starts here. */
  get canSend(): boolean {
    if (this.#state !== 'open') return false;
    const ready = this.#transport?.readyState ?? 1;
    if (ready > 1) this.#expectClose();
    return ready === 1;
  }

  /** Whether the buffer of the transport has room for one more value. */
  get hasRoom(): boolean {
    return this.#buffer?.hasRoom === true;
  }

  /** Whether it had none when that was last asked. */
  get isFull(): boolean {
    return this.#buffer?.isFull === true;
  }

  /** Whether that buffer is not above its low mark. */
  get isLow(): boolean {
    return this.#buffer?.isLow !== false;
  }

  /** Asks for URL and subprotocol, then constructs the transport: within this call when both are there. */
  start(closeEvent: ConnectionContext['closeEvent']): void {
    if (this.#state !== 'new' || this.#isAborted) return;
    this.#state = 'starting';
    const ms = this.#askConnectTimeout();
    this.#connectTimeout = ms;
    if (this.isLeft) return;
    this.#deadline = setTimeout(() => this.#giveUp(new WebSocketTimeoutError('connect', ms)), ms);
    this.#abort = new AbortController();
    const context = { attempt: this.attempt, closeEvent, signal: this.#abort.signal };
    const failed = (cause: unknown): void => this.#failLater(cause);
    const threw = (callback: string) => (error: unknown) => this.#owner.warn({ kind: 'callback', callback, error });
    let url: string | URL | undefined;
    let protocol: { value: string | string[] | undefined } | undefined;
    const connect = (): void => {
      if (url !== undefined && protocol !== undefined && this.#state === 'starting' && !this.#isAborted) this.#construct(String(url), protocol.value, context);
    };
    const foundProtocol = (value: string | string[] | undefined): void => {
      protocol = { value };
      connect();
    };
    const foundUrl = (value: string | URL): void => {
      if (!isUrl(value)) {
        failed(new TypeError(`The url function must give a string or a URL, not ${typeof value}`));
        return;
      }
      url = value;
      connect();
    };
    this.#providers.add(provide(this.#settings.protocol, context, foundProtocol, failed, threw('protocol')));
    if (!this.#providers.closed) this.#providers.add(provide(this.#settings.url, context, foundUrl, failed, threw('url')));
  }

  /** Whether the transport has pings of the protocol. */
  get canPing(): boolean {
    return this.#pings !== null;
  }

  /** Sends a ping of the protocol, where there is one; gives the ms until its pong. */
  async ping(): Promise<number> {
    if (this.#pings === null || !this.canSend) throw domException('This connection is closing or gone: it pings no more', 'InvalidStateError');
    return this.#pings.send();
  }

  /** Hands data to the transport; only while `canSend`. */
  send(data: Sendable): void {
    this.#buffer?.send(this.#keepsBytes && typeof data !== 'string' ? copyOfBytes(data) : data);
  }

  /** Whether the transport has what it takes to be paused. */
  get canPause(): boolean {
    return typeof this.#transport?.pause === 'function' && typeof this.#transport.resume === 'function';
  }

  /** Has the transport read nothing more until `resume`; says no where it cannot. What it has read by then still comes. */
  pause(): boolean {
    if (this.#isPaused || this.#state !== 'open' || !this.canPause) return this.#isPaused;
    try {
      this.#transport?.pause?.();
      this.#isPaused = this.#transport?.isPaused !== false;
    } catch {
      // It cannot, then.
    }
    return this.#isPaused;
  }

  /** Reads on; says no when it was not paused. */
  resume(): boolean {
    if (!this.#isPaused) return false;
    this.#isPaused = false;
    try {
      this.#transport?.resume?.();
    } catch (cause) {
      // One that reads no more is as good as gone.
      this.abort(cause);
    }
    return true;
  }

  /** Starts the closing handshake of an open connection; the peer has `ms` to answer. */
  close(code: number, reason: string, ms: number): void {
    const transport = this.#transport;
    if (this.#state !== 'open' || transport === null) return;
    // Before the call, since a transport may end within it.
    this.#state = 'closing';
    this.#peerFirst = (transport.readyState ?? 1) > 1;
    if (!this.#peerFirst) this.#sent = { code, reason };
    this.#stopDeadline();
    this.#stopWatch();
    this.#deadline = setTimeout(() => this.#giveUp(new WebSocketTimeoutError('close', ms)), ms);
    try {
      // The peer's Close comes behind what was not read yet.
      this.resume();
      if (reason === '') transport.close(code);
      else transport.close(code, reason);
    } catch (cause) {
      this.#giveUp(cause);
    }
  }

  /** Ends without a handshake, as if the network had (1006): an open connection now, an attempt in a turn of its own. */
  abort(cause: unknown): void {
    if (this.#openedAt !== null) this.#giveUp(cause);
    else if (this.#state !== 'ended') {
      this.#isAborted = true;
      this.#failLater(cause);
    }
  }

  /** Ends an attempt because the program wants it: clean, with the code that it asked for. */
  cancel(code: number, reason: string): void {
    this.#end({ code, reason, wasClean: true, initiator: 'local' }, true);
  }

  #construct(url: string, protocols: string | string[] | undefined, context: ConnectionContext): void {
    this.#state = 'connecting';
    this.#url = url;
    const transport = this.#make(url, protocols, context);
    if (transport === undefined) return;
    this.#transport = transport;
    try {
      this.#wire(transport);
    } catch (cause) {
      // One that cannot be heard is as good as none.
      this.abort(cause);
    }
    // One that was made elsewhere may be open already, or gone.
    if (this.#settings.transport !== undefined && (transport.readyState ?? 0) > 0) this.#meet(transport);
    // A class of the program's own may end the session while it is constructed.
    if (this.isLeft) this.#letGo(false);
  }

  #wire(transport: WebSocketLike): void {
    askFor(transport, this.#settings.binaryType);
    this.#buffer = new SendBuffer(transport, this.#settings.outbox);
    transport.onopen = (event: unknown) => this.#opened(event);
    transport.onmessage = (event: { data: MessageData }) => {
      // S18: after our Close messages are dropped, on `ws` too, which would still deliver them.
      if (this.#state === 'open' || (this.#state === 'connecting' && !this.#isAborted)) this.#owner.received(event);
    };
    // Stays for good: a `ws` whose error nobody hears ends the process (S7).
    transport.onerror = (event: unknown) => this.#failed(event);
    // A mock may leave the event out, or parts of it.
    transport.onclose = (event: unknown) => this.#closed(event ?? {});
  }

  /** A constructor that throws names a URL or a subprotocol that can never work; what the program gives may do so the next time. */
  #make(url: string, protocols: string | string[] | undefined, context: ConnectionContext): WebSocketLike | undefined {
    try {
      return makeTransport(this.#settings, url, protocols, context);
    } catch (error) {
      if (this.#settings.transport !== undefined) this.#failLater(error);
      else {
        this.#finish();
        this.#owner.refused(error);
        this.#abort?.abort();
      }
      return undefined;
    }
  }

  #meet(transport: WebSocketLike): void {
    if (transport.readyState === 1) this.#opened({ type: 'open', target: transport });
    else this.#failLater(new Error('The transport that was given is closing or closed'));
  }

  #opened(event: unknown): void {
    // Told to close while it was connecting, and open all the same: told again.
    if (this.#state === 'ended') this.#letGo(false);
    if (this.#state !== 'connecting' || this.#isAborted) return;
    this.#stopDeadline();
    this.#state = 'open';
    this.#openedAt = performance.now();
    this.#pings = ProtocolPings.of(this.#transport);
    this.#owner.brake.slow(this);
    if (this.#transport !== null) {
      this.#keepsBytes = keepsBytes(this.#transport, this.#settings.transport !== undefined);
      this.#stopWatch = watchSilence(this.#transport, this.#settings.closeTimeout, () => this.canSend);
    }
    this.#owner.opened(event);
  }

  /** S3: an error is a hint. It only sees to it that the end comes, should no `close` follow. */
  #failed(event: unknown): void {
    if (this.#state === 'ended') return;
    this.#cause ??= causeOf(event);
    if (this.#state === 'connecting') this.#failLater(this.#cause);
    else if (this.#state === 'open') this.#expectClose();
  }

  /** An attempt that failed ends in a turn of its own: what comes meanwhile is heard, and a loop of failures lets others run. */
  #failLater(cause: unknown): void {
    this.#providers.unsubscribe();
    this.#stopDeadline();
    this.#deadline = setTimeout(() => this.#giveUp(cause), 0);
  }

  /** A transport that seems to be ending has `closeTimeout` to say so. One that still calls itself open then is believed. */
  #expectClose(): void {
    const ms = this.#settings.closeTimeout;
    this.#deadline ??= setTimeout(() => {
      this.#deadline = undefined;
      if ((this.#transport?.readyState ?? 1) > 1) this.#giveUp(this.#cause ?? new WebSocketTimeoutError('close', ms));
    }, ms);
  }

  #closed(event: { code?: number | undefined; reason?: string | undefined; wasClean?: boolean | undefined }): void {
    const wasClean = event.wasClean === true;
    // A clean close without a code had none in it (1005); Deno says 0 where others say 1006.
    const code = wasClean ? (event.code ?? 1005) : event.code || 1006;
    const byPeer = wasClean || code !== 1006 ? 'remote' : 'transport';
    const initiator = this.#state === 'closing' && !this.#peerFirst ? 'local' : byPeer;
    this.#end({ code, reason: String(event.reason ?? ''), wasClean, initiator });
  }

  #giveUp(cause: unknown): void {
    if (this.#state === 'ended') return;
    const initiator = this.#state === 'closing' ? 'local' : 'transport';
    this.#cause = cause;
    this.#end({ code: 1006, reason: '', wasClean: false, initiator }, true);
  }

  #end(facts: Pick<ConnectionEnd, 'code' | 'reason' | 'wasClean' | 'initiator'>, letGo = false): void {
    if (this.#state === 'ended') return;
    const opened = this.#openedAt !== null;
    const uptime = this.#openedAt === null ? 0 : Math.round(performance.now() - this.#openedAt);
    const wasClosing = this.#state === 'closing';
    this.#finish();
    if (letGo) this.#letGo(wasClosing);
    this.#owner.ended({ ...facts, opened, uptime, sent: this.#sent, cause: this.#cause });
    // Last, since who listens may subscribe, and should not find what has just ended.
    this.#abort?.abort();
  }

  #finish(): void {
    this.#state = 'ended';
    this.#owner.brake.slow(null);
    this.#stopDeadline();
    this.#stopWatch();
    this.#pings?.end();
    this.#providers.unsubscribe();
  }

  /** Tells a transport that is given up to close. What it says from now on, some of it within this call, is not heard. */
  #letGo(wasClosing: boolean): void {
    const transport = this.#transport;
    try {
      this.resume();
      this.#buffer?.release();
      if (typeof transport?.terminate === 'function') transport.terminate();
      else if (!wasClosing) transport?.close(1000);
    } catch {
      // It is gone for us either way.
    }
  }

  #stopDeadline(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }

  #askConnectTimeout(): number {
    const { connectTimeout } = this.#settings;
    if (typeof connectTimeout === 'number') return connectTimeout;
    try {
      const ms = connectTimeout(this.attempt);
      if (isTimeout(ms)) return ms;
      throw new RangeError(`connectTimeout must give a number of ms above 0 and up to ${maxTimeout}, not ${String(ms)}`);
    } catch (error) {
      this.#owner.warn({ kind: 'callback', callback: 'connectTimeout', error });
    }
    return defaultConnectTimeout(this.attempt);
  }
}

/** A mock may refuse, and a transport may not know it: what arrives is looked at in any case. */
function askFor(transport: WebSocketLike, binaryType: string): void {
  try {
    transport.binaryType = binaryType;
  } catch {
    // Frozen, or a getter only.
  }
}

/** What an `error` event says: the error in it, on `ws` and undici; a browser says nothing, and the event itself is all there is. */
function causeOf(event: unknown): unknown {
  return (event as { error?: unknown } | null | undefined)?.error ?? event;
}

import { domException } from '../close/domException.js';
import { utf8ByteLength } from '../close/utf8ByteLength.js';
import { validateClose } from '../close/validateClose.js';

/** A frame as the server sees it: text, bytes, or a `Blob`, which takes time to read. */
export type Frame = string | Uint8Array | object;

/** The server's end of a socket. */
export interface ServerEnd {
  receive(frame: Frame): void;
  receiveClose(code: number, reason: string): void;
  /** Called when the client gives the connection up, without a Close. */
  lose(wasOpen: boolean): void;
  receivePing(payload: unknown): void;
}

type Listener = ((event: object) => void) | { handleEvent(event: object): void };

const states = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 };

/** The token of RFC 9110 §5.6.2, which a subprotocol must be. */
const token = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** A test runner may give each file a realm, and an `ArrayBuffer`, of its own. */
export const isBinary = (data: unknown): data is ArrayBuffer | ArrayBufferView =>
  ArrayBuffer.isView(data) || Object.prototype.toString.call(data).endsWith('Buffer]');

/** Copies bytes, since their owner may write to them again. */
export const bytesOf = (data: ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength).slice() : new Uint8Array(data).slice();

/**
 * The client's end of a connection in memory: a `WebSocket` as the standard describes it. Its events are plain objects, since an `Event` of another realm
 * could not be dispatched. Effects that a network would delay happen in a microtask of a promise, which no fake timers replace.
 *
 * Source: WHATWG WebSockets, the `WebSocket` interface.
 */
export class TestSocket {
  onopen: Listener | null = null;
  onmessage: Listener | null = null;
  onerror: Listener | null = null;
  onclose: Listener | null = null;
  readyState = states.CONNECTING;
  bufferedAmount = 0;
  binaryType = 'blob';
  protocol = '';
  readonly extensions = '';
  readonly url: string;
  readonly offered: readonly string[];
  protected readonly server: ServerEnd;
  readonly #listeners: { type: string; listener: Listener; once: boolean }[] = [];

  constructor(url: unknown, protocols: string | string[] = [], connect: (socket: TestSocket) => ServerEnd) {
    this.url = readUrl(String(url));
    this.offered = typeof protocols === 'string' ? [protocols] : [...protocols];
    const names = this.offered.map((name) => name.toLowerCase());
    if (!names.every((name, index) => token.test(name) && names.indexOf(name) === index)) {
      throw domException(`subprotocols: repeated or not a token: ${names.join()}`, 'SyntaxError');
    }
    this.server = connect(this);
  }

  addEventListener(type: string, listener: Listener | null, options?: boolean | { once?: boolean }): void {
    this.removeEventListener(type, listener);
    if (listener) this.#listeners.push({ type, listener, once: typeof options === 'object' && options.once === true });
  }

  removeEventListener(type: string, listener: Listener | null): void {
    const index = this.#listeners.findIndex((one) => one.type === type && one.listener === listener);
    if (index >= 0) this.#listeners.splice(index, 1);
  }

  send(data: string | ArrayBuffer | ArrayBufferView | Blob): void {
    if (this.readyState === states.CONNECTING) throw domException('send() before the connection is open', 'InvalidStateError');
    const isBlob = typeof Blob === 'function' && data instanceof Blob;
    const frame = isBlob ? data : isBinary(data) ? bytesOf(data) : String(data);
    if (this.readyState === states.OPEN) this.server.receive(frame);
    else this.bufferedAmount += typeof frame === 'string' ? utf8ByteLength(frame) : isBlob ? data.size : (frame as Uint8Array).length;
  }

  close(code?: number, reason?: string): void {
    const valid = validateClose(code, reason);
    if (this.readyState > states.OPEN) return;
    if (this.readyState === states.CONNECTING) return this.giveUp();
    this.readyState = states.CLOSING;
    this.server.receiveClose(code === undefined ? 1005 : valid.code, valid.reason);
  }

  /** Ends without a handshake, in a microtask. */
  protected giveUp(): void {
    const wasOpen = this.readyState !== states.CONNECTING;
    this.readyState = states.CLOSING;
    this.server.lose(wasOpen);
    void Promise.resolve().then(() => this.end(1006, '', false, wasOpen ? undefined : 'WebSocket was closed before the connection was established'));
  }

  // --- what the server does

  open(protocol: string): void {
    this.readyState = states.OPEN;
    this.protocol = protocol;
    this.emit('open', {});
  }

  deliver(frame: string | Uint8Array<ArrayBuffer>): void {
    if (this.acceptsMessages) this.emit('message', { data: typeof frame === 'string' ? frame : this.readBytes(frame) });
  }

  protected get acceptsMessages(): boolean {
    return this.readyState === states.OPEN;
  }

  protected readBytes(bytes: Uint8Array<ArrayBuffer>): unknown {
    return this.binaryType === 'blob' ? new Blob([bytes]) : bytes.buffer;
  }

  /** Ends the connection; with a message, after an error. */
  end(code: number, reason: string, wasClean: boolean, message?: string): void {
    if (this.readyState === states.CLOSED) return;
    this.readyState = states.CLOSED;
    if (message !== undefined) this.emit('error', this.describeError(message));
    this.emit('close', { code, reason, wasClean });
  }

  /** A page does not learn why the connection failed. */
  protected describeError(_message: string): object {
    return {};
  }

  /** A listener that throws does not keep the others from their event: the test runner reports the error. */
  protected emit(type: string, facts: object): void {
    const event = { type, target: this, currentTarget: this, ...facts };
    const { [`on${type}`]: handler } = this as unknown as Record<string, Listener | null>;
    const added = this.#listeners.filter((one) => one.type === type);
    for (const { listener, once } of added) if (once) this.removeEventListener(type, listener);
    for (const listener of [handler, ...added.map((one) => one.listener)]) {
      try {
        if (typeof listener === 'function') listener.call(this, event);
        else listener?.handleEvent(event);
      } catch (error) {
        void Promise.resolve().then(() => {
          throw error;
        });
      }
    }
  }

  static { // The standard has them on the class and on each socket.
    Object.assign(TestSocket, states);
    Object.assign(TestSocket.prototype, states);
  }
}

function readUrl(text: string): string {
  const { location } = globalThis as { location?: { href?: string } };
  try {
    const url = new URL(text, location?.href);
    const protocol = url.protocol.replace(/^http/, 'ws');
    if (/^wss?:$/.test(protocol) && !url.href.includes('#')) return url.href.replace(/^\w+:/, protocol);
  } catch {
    // Below.
  }
  throw domException(`not the URL of a WebSocket: ${text}`, 'SyntaxError');
}

import { showValue } from '../close/showValue.js';
import { utf8ByteLength } from '../close/utf8ByteLength.js';
import { bytesOf, isBinary, type Frame, type ServerEnd, type TestSocket } from './TestSocket.js';
import { WsTestSocket } from './WsTestSocket.js';

/** The part of the server that a connection uses. */
export interface ConnectionOptions {
  encode(value: unknown): string | ArrayBuffer | ArrayBufferView;
  decode(frame: Frame): unknown;
  readonly onMessage: ((value: unknown, connection: TestConnection) => void) | undefined;
  /** Called when the client gave up before the connection was accepted: `verify()` then ignores it. */
  forget(connection: TestConnection): void;
}

/** The answer of a server that refuses a connection. */
export interface RefuseOptions {
  /** Headers of the answer, by name. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The body of the answer. Default `''`. */
  readonly body?: string | undefined;
}

const states = ['connecting', 'open', 'closing', 'closed'] as const;

/** Codes that no Close may have (RFC 6455 §7.4.1); 1005 stands for a Close without a code. */
const isServerCode = (code: number): boolean =>
  Number.isInteger(code) && code >= 1000 && code <= 4999 && (code < 1016 || code >= 3000) && ![1004, 1006, 1015].includes(code);

/**
 * The server's end of one connection. Its methods take effect before they return: the client has then received the message or the close.
 *
 * A method that is impossible in the current state throws an error that names the state, since the test is then wrong.
 *
 * @example
 * ```ts
 * import { webSocket } from 'websocket-subject';
 * import { testServer } from 'websocket-subject/testing';
 *
 * const server = testServer();
 * const socket = webSocket<string>({ url: 'wss://quotes.example.com', WebSocketCtor: server.WebSocket });
 * socket.subscribe((message) => console.log(message));
 * const connection = server.expectOne();
 * connection.send('welcome'); // accepts the connection first
 * socket.next('hello');
 * connection.received; // => ['hello']
 * connection.close(1012, 'restart');
 * ```
 */
export class TestConnection {
  /** The URL of the client's socket, as a `URL` writes it. */
  readonly url: string;
  /** The subprotocols that the client has offered. */
  readonly protocols: readonly string[];
  /** The third argument of the socket's constructor: in Node the `transportOptions` of the config, elsewhere `undefined`. */
  readonly options: unknown;
  /** The values that the client has sent, in order: parsed JSON, other text as it is, bytes as a `Uint8Array`, a `Blob` as it is. */
  readonly received: unknown[] = [];
  /** The Close that the client sent, with code 1005 if it had none; `null` while it has sent none. */
  closedWith: { readonly code: number; readonly reason: string } | null = null;
  readonly #socket: TestSocket;
  readonly #server: ConnectionOptions;
  #isLost = false;
  #answersClose = true;
  #answersPings = true;

  /** @internal */
  constructor(socket: TestSocket, options: unknown, server: ConnectionOptions) {
    this.#socket = socket;
    this.#server = server;
    this.url = socket.url;
    this.protocols = socket.offered;
    this.options = options;
  }

  /** The state of the connection. `'closing'`: the client has sent Close, and the server has not answered it. */
  get state(): 'connecting' | 'open' | 'closing' | 'closed' {
    return this.#isLost ? 'closed' : (states[this.#socket.readyState] as 'closed');
  }

  /** The subprotocol that the server has chosen, `''` for none. */
  get protocol(): string {
    return this.#socket.protocol;
  }

  /**
   * Accepts a connection that is connecting, which opens it.
   *
   * @param protocol - the subprotocol; by default the first that the client offered, else `''`. As in a browser, the attempt fails if the client did not
   *   offer this one, or if this is `''` and the client offered any.
   */
  accept(protocol: string = this.protocols[0] ?? ''): void {
    this.#require('accept', 'connecting');
    if (protocol === '' ? this.protocols.length > 0 : !this.protocols.includes(protocol)) this.#fail(`Server sent an invalid subprotocol: ${protocol}`);
    else this.#socket.open(protocol);
  }

  /**
   * Sends a message; a connection that is connecting is accepted first.
   *
   * @param value - becomes JSON by default; an `ArrayBuffer` or a view is sent as binary.
   * @throws `TypeError` for a value that has no JSON, such as `undefined`.
   */
  send(value: unknown): void {
    const frame = this.#server.encode(value);
    if (typeof frame !== 'string' && !isBinary(frame)) throw new TypeError(`send(): cannot encode ${showValue(value)} as text or bytes`);
    this.#open('send');
    this.#socket.deliver(typeof frame === 'string' ? frame : bytesOf(frame));
  }

  /**
   * Sends text as it is, such as text that is not JSON.
   *
   * @param text - the text of the frame.
   */
  sendText(text: string): void {
    this.#open('sendText');
    this.#socket.deliver(String(text));
  }

  /**
   * Closes the connection with a closing handshake; one that is connecting is accepted first. If the client has sent Close, this answers it.
   *
   * @param code - a code that a server may send, 1000 by default; 1005 for a Close without a code.
   * @param reason - at most 123 bytes of UTF-8, `''` by default.
   * @throws `RangeError` for a code or a reason that no server can send.
   */
  close(code = 1000, reason = ''): void {
    if (!isServerCode(code)) throw new RangeError(`close(${code}): no server can send this code${code === 1006 ? '; use drop()' : ''}`);
    if (utf8ByteLength(reason) > 123) throw new RangeError('close(): a reason of more than 123 bytes of UTF-8');
    this.#open('close');
    this.#socket.end(code, reason, true);
  }

  /** Loses the connection without a Close: the client gets 1006. An attempt fails. */
  drop(): void {
    this.#require('drop', 'connecting', 'open', 'closing');
    if (this.state === 'connecting') this.#fail('socket hang up');
    else this.#socket.end(1006, '', false);
  }

  /**
   * Refuses a connection that is connecting: the client gets 1006. Only a client of a server with `like: 'ws'` learns why.
   *
   * @param status - the HTTP status of the answer, 403 by default.
   * @param options - headers and body of the answer.
   */
  refuse(status = 403, options: RefuseOptions = {}): void {
    const { body = '', headers = {} } = options;
    this.#require('refuse', 'connecting');
    if (this.#socket instanceof WsTestSocket) this.#socket.refuse({ status, headers, body });
    else this.#fail(`refused with ${status}`);
  }

  /** Leaves the client's Close unanswered, even one that was sent in the same task. */
  ignoreClose(): void {
    this.#answersClose = false;
  }

  /**
   * Answers the Close of the client, which otherwise happens in a microtask.
   *
   * @param code - by default that of the client.
   * @param reason - by default that of the client if `code` is left out, else `''`.
   */
  answerClose(code?: number, reason = code === undefined ? this.closedWith?.reason : ''): void {
    this.#require('answerClose', 'closing');
    this.close(code ?? this.closedWith?.code, reason);
  }

  /** Leaves ping frames unanswered, which only a client of a server with `like: 'ws'` sends. */
  ignorePings(): void {
    this.#answersPings = false;
  }

  /** @internal */
  readonly client: ServerEnd = {
    receive: (frame) => {
      const value = this.#server.decode(frame);
      this.received.push(value);
      void Promise.resolve().then(() => this.#server.onMessage?.(value, this));
    },
    receiveClose: (code, reason) => {
      this.closedWith = { code, reason };
      void Promise.resolve().then(() => this.#answersClose && this.state === 'closing' && this.answerClose());
    },
    lose: (wasOpen) => {
      this.#isLost = true;
      if (!wasOpen) this.#server.forget(this);
    },
    receivePing: (payload) => {
      if (this.#answersPings && this.#socket instanceof WsTestSocket) this.#socket.pong(payload);
    },
  };

  #open(verb: string): void {
    if (this.state === 'connecting') this.accept();
    this.#require(verb, 'open', 'closing');
  }

  #fail(message: string): void {
    this.#socket.end(1006, '', false, message);
  }

  #require(verb: string, ...allowed: TestConnection['state'][]): void {
    if (!allowed.includes(this.state)) throw new Error(`${verb}(): the connection to ${this.url} is ${this.state}, not ${allowed.join(' or ')}`);
  }
}

import type { WebSocketCtor } from '../../src/index.js';

/**
 * A transport in memory that may break the rules: it opens after it was closed, closes without an event, errs and goes on, or throws. It does nothing by
 * itself, and emits what the test says in any order. Tests of valid transports use the server of `websocket-subject/testing`.
 */
export class FakeSocket {
  readyState = 0;
  protocol = '';
  extensions = '';
  onopen: (event: unknown) => void = () => undefined;
  onmessage: (event: { data: unknown }) => void = () => undefined;
  onerror: (event: unknown) => void = () => undefined;
  onclose: (event: unknown) => void = () => undefined;
  readonly sent: string[] = [];
  readonly closes: unknown[][] = [];

  constructor(
    readonly url: string,
    readonly protocols?: string | string[],
  ) {}

  send(data: string): void {
    if (this.readyState === 1) this.sent.push(data);
  }

  close(...args: unknown[]): void {
    this.closes.push(args);
    if (this.readyState < 2) this.readyState = 2;
  }

  open(): void {
    this.readyState = 1;
    this.onopen({ type: 'open' });
  }

  message(value: unknown): void {
    this.onmessage({ data: JSON.stringify(value) });
  }

  /** The server's Close and the end of the handshake, at once. */
  closeClean(code: number, reason = ''): void {
    this.readyState = 3;
    this.onclose({ code, reason, wasClean: true });
  }

  drop(): void {
    this.readyState = 3;
    this.onclose({ code: 1006, reason: '', wasClean: false });
  }

  fail(message: string): void {
    this.onerror({ type: 'error', message, error: new Error(message) });
  }

  get isAlive(): boolean {
    return this.readyState < 2;
  }
}

/** A class of transports that keeps what it has made. */
export interface Made<Socket> {
  readonly made: Socket[];
  readonly WebSocketCtor: WebSocketCtor;
  readonly last: Socket;
}

/** Makes sockets of some kind, and keeps them. */
export function keepsMade<Socket extends FakeSocket>(Kind: new (url: string, protocols?: string | string[]) => Socket): Made<Socket> {
  const made: Socket[] = [];
  return {
    made,
    WebSocketCtor: function (url: string, protocols?: string | string[]) {
      const socket = new Kind(url, protocols);
      made.push(socket);
      return socket;
    } as unknown as WebSocketCtor,
    get last() {
      const socket = made.at(-1);
      if (socket === undefined) throw new Error('no socket was made');
      return socket;
    },
  };
}

export const fakeSockets = (): Made<FakeSocket> => keepsMade(FakeSocket);

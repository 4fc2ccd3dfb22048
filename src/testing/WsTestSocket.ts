import { domException } from '../close/domException.js';
import { TestSocket } from './TestSocket.js';

type NodeListener = (...args: unknown[]) => void;

/** A refusal of the opening handshake, as a test describes it. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The client's end as the `ws` package has it: it shows why a handshake was refused, has `terminate()`, pings, and listeners by `on()`. */
export class WsTestSocket extends TestSocket {
  override binaryType = 'nodebuffer';
  readonly #nodeListeners = new Map<string, NodeListener[]>();

  on(type: string, listener: NodeListener): this {
    this.#nodeListeners.set(type, [...(this.#nodeListeners.get(type) ?? []), listener]);
    return this;
  }

  off(type: string, listener: NodeListener): this {
    this.#nodeListeners.set(type, (this.#nodeListeners.get(type) ?? []).filter((one) => one !== listener));
    return this;
  }

  terminate(): void {
    if (this.readyState < 3) this.giveUp();
  }

  ping(payload?: unknown): void {
    if (this.readyState === 0) throw domException('ping() before the connection is open', 'InvalidStateError');
    if (this.readyState === 1) this.server.receivePing(payload);
  }

  /** The server has answered the ping. */
  pong(payload: unknown): void {
    if (this.readyState < 3) this.#notify('pong', payload);
  }

  /** The server has refused the opening handshake. */
  refuse({ body, headers, status }: Refusal): void {
    const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const closed: NodeListener[] = [];
    this.#notify('unexpected-response', {}, {
      statusCode: status,
      headers: lowerCase,
      on: (type: string, listener: NodeListener) => {
        if (type === 'data' && body) listener(new TextEncoder().encode(body));
        if (type === 'close' || type === 'end') closed.push(listener);
      },
    });
    this.end(1006, '', false, `Unexpected server response: ${status}`);
    // Last: these listeners expect the connection to be closed.
    for (const listener of closed) listener();
  }

  protected override get acceptsMessages(): boolean {
    return this.readyState < 3;
  }

  protected override readBytes(bytes: Uint8Array<ArrayBuffer>): unknown {
    return this.binaryType === 'nodebuffer' ? bytes : super.readBytes(bytes);
  }

  protected override describeError(message: string): object {
    return { error: new Error(message), message };
  }

  protected override emit(type: string, facts: { code?: number; data?: unknown; error?: unknown; reason?: string }): void {
    super.emit(type, facts);
    const { code, data, error, reason } = facts;
    this.#notify(type, ...(type === 'message' ? [data, typeof data !== 'string'] : type === 'close' ? [code, reason] : [error]));
  }

  #notify(type: string, ...args: unknown[]): void {
    for (const listener of this.#nodeListeners.get(type) ?? []) listener.apply(this, args);
  }
}

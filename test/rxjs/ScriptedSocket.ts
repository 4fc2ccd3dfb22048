import type { CloseEventInit } from '../../src/index.js';

/** A WebSocket that does only what the test says, and records its calls. */
export class ScriptedSocket {
  /** The sockets made in this test, in order. */
  static made: ScriptedSocket[] = [];

  static get last(): ScriptedSocket {
    const last = ScriptedSocket.made.at(-1);
    if (!last) throw new Error('no socket was made');
    return last;
  }

  onopen: ((event: object) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: ((event: object) => void) | null = null;
  onclose: ((event: CloseEventInit) => void) | null = null;
  readyState: 0 | 1 | 2 | 3 = 0;
  binaryType = 'blob';
  /** The frames that were sent. */
  readonly sent: unknown[] = [];
  /** The arguments of each call of `close()`. */
  readonly closeCalls: unknown[][] = [];

  constructor(
    readonly url: string,
    readonly protocols?: string | string[],
  ) {
    ScriptedSocket.made.push(this);
  }

  send(frame: unknown): void {
    this.sent.push(frame);
  }

  /** Starts the closing handshake; the test ends it with `ends()`. */
  close(...args: unknown[]): void {
    this.closeCalls.push(args);
    if (this.readyState < 2) this.readyState = 2;
  }

  opens(): void {
    this.readyState = 1;
    this.onopen?.({ type: 'open' });
  }

  receives(...values: unknown[]): void {
    for (const value of values) this.receivesFrame(JSON.stringify(value));
  }

  receivesFrame(data: unknown): void {
    this.onmessage?.({ data });
  }

  ends(event: CloseEventInit): void {
    this.readyState = 3;
    this.onclose?.(event);
  }
}

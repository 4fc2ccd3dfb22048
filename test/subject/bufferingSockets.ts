import type { WebSocketCtor } from '../../src/index.js';
import { FakeSocket } from './FakeSocket.js';

/** A transport in memory that keeps what it is given until the test says that it was sent. */
export class BufferingSocket extends FakeSocket {
  /** How often somebody has asked for `bufferedAmount`. */
  looks = 0;
  #waiting = 0;

  get bufferedAmount(): number {
    this.looks++;
    return this.#waiting;
  }

  override send(data: string | ArrayBuffer): void {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data);
    super.send(new TextDecoder().decode(bytes));
    this.#waiting += bytes.length;
  }

  /** The network has taken everything but so many bytes. */
  sendAllBut(bytes = 0): void {
    this.#waiting = Math.min(this.#waiting, bytes);
  }
}

/** A class of such sockets that keeps what it has made. */
export function bufferingSockets(): { made: BufferingSocket[]; WebSocketCtor: WebSocketCtor; readonly last: BufferingSocket } {
  const made: BufferingSocket[] = [];
  return {
    made,
    WebSocketCtor: class extends BufferingSocket {
      constructor(url: string, protocols?: string | string[]) {
        super(url, protocols);
        made.push(this);
      }
    },
    get last() {
      const socket = made.at(-1);
      if (socket === undefined) throw new Error('no socket was made');
      return socket;
    },
  };
}

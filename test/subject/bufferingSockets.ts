import { FakeSocket, keepsMade, type Made } from './FakeSocket.js';

/** A transport in memory that buffers what it is given until the test sends it. */
export class BufferingSocket extends FakeSocket {
  /** How often `bufferedAmount` was read. */
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

export const bufferingSockets = (): Made<BufferingSocket> => keepsMade(BufferingSocket);

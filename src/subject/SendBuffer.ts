import { corkOf } from '#transport';
import type { Sendable } from './sendable.js';
import type { Marks } from './settings.js';
import type { WebSocketLike } from './WebSocketLike.js';

/** The longest header that a frame of a client has (RFC 6455, section 5.2). */
const headerBytes = 14;

/**
 * The way into a transport, and how much of what it was given waits there to be sent. What is sent in one turn leaves together, where the
 * transport lets that be done.
 */
export class SendBuffer {
  readonly #transport: WebSocketLike;
  readonly #marks: Marks;
  readonly #cork: ReturnType<typeof corkOf>;
  /** Bytes that fit below the high mark in any case: the transport is only asked when they are used up, since that costs more than the rest. */
  #room = -1;
  #isFull = false;

  constructor(transport: WebSocketLike, marks: Marks) {
    this.#transport = transport;
    this.#marks = marks;
    this.#cork = corkOf(transport);
  }

  /** Whether a value may be sent: up to the high mark, and once above it not until the buffer has fallen to the low one. */
  get hasRoom(): boolean {
    if (this.#room >= 0) return true;
    const { highWaterMark, lowWaterMark } = this.#marks;
    const amount = this.#amount();
    this.#isFull = amount > (this.#isFull ? lowWaterMark : highWaterMark);
    this.#room = this.#isFull ? -1 : highWaterMark - amount;
    return !this.#isFull;
  }

  /** Whether there was no room when that was last asked. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Whether the buffer is not above its low mark. */
  get isLow(): boolean {
    return this.#amount() <= this.#marks.lowWaterMark;
  }

  send(data: Sendable): void {
    const size = typeof data === 'string' ? data.length : data.byteLength;
    this.#cork?.hold(size);
    this.#transport.send(data as never);
    // A character of text has at most three bytes.
    this.#room -= (typeof data === 'string' ? 3 * size : size) + headerBytes;
  }

  /** Hands over what is held back until the turn is over. */
  release(): void {
    this.#cork?.release();
  }

  #amount(): number {
    // What is held back has not been tried yet.
    this.release();
    // One that does not tell is taken to send at once.
    try {
      const { bufferedAmount } = this.#transport;
      return typeof bufferedAmount === 'number' && bufferedAmount > 0 ? bufferedAmount : 0;
    } catch {
      return 0;
    }
  }
}

import { corkOf } from '#transport';
import type { WebSocketLike } from '../config/WebSocketLike.js';
import type { Sendable } from './binary.js';
import { startTimer, type Environment, type Timer } from './Environment.js';

/** Bytes: above the high mark values wait, from the low mark downwards they flow again. */
interface WaterMarks {
  readonly highWaterMark: number;
  readonly lowWaterMark: number;
}

/** The longest header of a client's frame (RFC 6455 §5.2). */
const headerBytes = 14;

/** Milliseconds until a full buffer is checked again: no event says that it has emptied. The pause grows to the longest one. */
const firstPause = 4;
const longestPause = 100;
/** The next check finds at most a third more sent than the last one, which the low mark leaves when it is a quarter of the high one. */
const growth = 4 / 3;

/**
 * What a transport was given and has not sent yet. Above the high mark it has no room, until it has fallen to the low one. Values sent in one
 * turn of the event loop leave together, where the transport allows that.
 *
 * @internal
 */
export class SendBuffer {
  readonly #transport: WebSocketLike;
  readonly #marks: WaterMarks;
  readonly #cork: ReturnType<typeof corkOf>;
  /** Bytes that fit below the high mark in any case: asking the transport costs more than all the rest, so it is asked when they are used up. */
  #room = -1;
  #isFull = false;
  #timer: Timer | undefined;

  constructor(transport: WebSocketLike, marks: WaterMarks) {
    this.#transport = transport;
    this.#marks = marks;
    this.#cork = corkOf(transport);
  }

  get hasRoom(): boolean {
    if (this.#room >= 0) return true;
    const { highWaterMark, lowWaterMark } = this.#marks;
    const amount = this.#amount;
    this.#isFull = amount > (this.#isFull ? lowWaterMark : highWaterMark);
    this.#room = this.#isFull ? -1 : highWaterMark - amount;
    return !this.#isFull;
  }

  /** Whether there is no more than the low mark. */
  get isLow(): boolean {
    return this.#amount <= this.#marks.lowWaterMark;
  }

  send(data: Sendable): void {
    const size = data.length;
    this.#cork?.hold(size);
    this.#transport.send(data as never);
    // A character of text has at most three bytes.
    this.#room -= (typeof data === 'string' ? 3 * size : size) + headerBytes;
  }

  /** Calls `emptied` once the buffer has fallen to the low mark. */
  whenLow(environment: Environment, emptied: () => void, pause = firstPause): void {
    this.#timer ??= startTimer(environment, pause, () => {
      this.#timer = undefined;
      if (this.isLow) emptied();
      else this.whenLow(environment, emptied, Math.min(pause * growth, longestPause));
    });
  }

  /** Calls `emptied` no more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Hands over what is held back until the turn is over. */
  release(): void {
    this.#cork?.release();
  }

  /** Bytes that wait; 0 for a transport that does not say, which is taken to send at once. */
  get #amount(): number {
    // What is held back was not tried yet.
    this.release();
    try {
      const { bufferedAmount } = this.#transport;
      return typeof bufferedAmount === 'number' && bufferedAmount > 0 ? bufferedAmount : 0;
    } catch {
      return 0;
    }
  }
}

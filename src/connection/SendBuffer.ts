import { corkOf } from '#transport';
import type { WebSocketLike } from '../config/WebSocketLike.js';
import type { Sendable } from './binary.js';
import { startTimer, type Environment, type Timer } from './Environment.js';

/** In bytes: above the high mark values wait, until the buffer has fallen to the low mark. */
interface WaterMarks {
  readonly highWaterMark: number;
  readonly lowWaterMark: number;
}

/** The longest header of a client's frame (RFC 6455 §5.2). */
const headerBytes = 14;

/** Milliseconds from one check of a full buffer to the next: transports have no event for it. The pause grows to the longest one. */
const firstPause = 4;
const longestPause = 100;
/** Small, so that a buffer that has fallen to the low mark is not left idle for long. */
const growth = 4 / 3;

/**
 * Tracks how much a transport was given and has not sent yet. Above the high mark it has no room until it has fallen to the low one. If the transport
 * allows it, values of one task are written together.
 *
 * @internal
 */
export class SendBuffer {
  readonly #transport: WebSocketLike;
  readonly #marks: WaterMarks;
  readonly #cork: ReturnType<typeof corkOf>;
  /** Bytes that fit in any case; below 0 `bufferedAmount` is read, which is slow. */
  #room = -1;
  /** How much the transport was given, in bytes, or characters of text. */
  handed = 0;
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
    const amount = this.amount;
    this.#isFull = amount > (this.#isFull ? lowWaterMark : highWaterMark);
    this.#room = this.#isFull ? -1 : highWaterMark - amount;
    return !this.#isFull;
  }

  /** Whether the buffer is at or below the low mark. */
  get isLow(): boolean {
    return this.amount <= this.#marks.lowWaterMark;
  }

  send(data: Sendable): void {
    const size = data.length;
    this.#cork?.hold(size);
    this.#transport.send(data as never);
    this.handed += size;
    // A character of text has at most three bytes.
    this.#room -= (typeof data === 'string' ? 3 * size : size) + headerBytes;
  }

  /** Calls `onLow` once the buffer has fallen to the low mark. */
  whenLow(environment: Environment, onLow: () => void, pause = firstPause): void {
    this.#timer ??= startTimer(environment, pause, () => {
      this.#timer = undefined;
      if (this.isLow) onLow();
      else this.whenLow(environment, onLow, Math.min(pause * growth, longestPause));
    });
  }

  /** Cancels `whenLow`. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Writes the values that are held back until the task is over. */
  flush(): void {
    this.#cork?.release();
  }

  /** Bytes that wait; 0 if the transport has no `bufferedAmount`. */
  get amount(): number {
    // Values that are held back are not in `bufferedAmount` yet.
    this.flush();
    try {
      const { bufferedAmount } = this.#transport;
      return typeof bufferedAmount === 'number' && bufferedAmount > 0 ? bufferedAmount : 0;
    } catch {
      return 0;
    }
  }
}

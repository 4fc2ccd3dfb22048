import { vi } from 'vitest';
import { FakeSocket, keepsMade, type Made } from '../subject/FakeSocket.js';

/** How an uplink behaves. Rates in bytes a millisecond. */
interface UplinkOptions {
  /** What the network takes: 125 is 1 Mbit/s. */
  readonly rate?: number;
  /** Bytes that the kernel takes at once; the transport keeps the rest, which its `bufferedAmount` shows. */
  readonly kernel?: number;
  /** Whether the transport shows the bytes that it has read, as `ws` does. */
  readonly showsBytes?: boolean;
  /** How the server answers a ping of the protocol. */
  readonly onPing?: 'pong' | 'empty pong' | 'bytes' | 'nothing';
}

/** Milliseconds in which the server answers what has reached it. */
const turnaround = 50;

/**
 * A fake `ws` over a network of a stated rate, with a server that answers pings once they have reached it. What your code sends, pings included, leaves in
 * order.
 */
export class Uplink extends FakeSocket {
  static options: UplinkOptions = {};
  readonly #rate: number;
  readonly #kernel: number;
  readonly #onPing: UplinkOptions['onPing'];
  readonly _socket: { bytesRead: number } | undefined;
  /** The payloads of pings, when they were sent. */
  readonly pings: string[] = [];
  /** Whether the network delivers anything; the kernel takes bytes all the same. */
  isDead = false;
  #freeAt = 0;
  #onPong: (payload: string) => void = () => undefined;

  constructor(url: string, protocols?: string | string[]) {
    super(url, protocols);
    const { kernel = 4_000_000, onPing = 'pong', rate = 125, showsBytes = true } = Uplink.options;
    this.#rate = rate;
    this.#kernel = kernel;
    this.#onPing = onPing;
    if (showsBytes) this._socket = { bytesRead: 0 };
  }

  get bufferedAmount(): number {
    return Math.max(0, this.underWay - this.#kernel);
  }

  /** Bytes that have not reached the server. */
  get underWay(): number {
    return Math.max(0, this.#freeAt - performance.now()) * this.#rate;
  }

  override send(data: string): void {
    const { delay } = this.#leave(Buffer.byteLength(data));
    if (data === '"ping"') this.#answer(delay, () => this.message('pong'));
  }

  ping(payload: string): void {
    this.pings.push(payload);
    const { delay } = this.#leave(payload.length + 6);
    if (this.#onPing === 'pong') this.#answer(delay, () => this.pong(payload));
    else if (this.#onPing === 'empty pong') this.#answer(delay, () => this.pong(''));
    else if (this.#onPing === 'bytes') this.#answer(delay, () => this.receive(100));
  }

  on(event: string, listener: (payload: string) => void): void {
    if (event === 'pong') this.#onPong = listener;
  }

  /** Bytes arrive that are no whole message. */
  receive(bytes: number): void {
    if (this._socket !== undefined && !this.isDead) this._socket.bytesRead += bytes;
  }

  pong(payload: string): void {
    this.receive(2 + payload.length);
    this.#onPong(payload);
  }

  override message(value: unknown): void {
    if (this.isDead || this.readyState !== 1) return;
    this.receive(10);
    super.message(value);
  }

  terminate(): void {
    this.readyState = 3;
  }

  #leave(bytes: number): { delay: number } {
    const now = performance.now();
    this.#freeAt = Math.max(this.#freeAt, now) + bytes / this.#rate;
    return { delay: this.#freeAt - now + turnaround };
  }

  #answer(delay: number, answer: () => void): void {
    setTimeout(() => this.isDead || answer(), delay);
  }
}

/** Makes sockets of uplinks that behave alike. */
export function uplinks(options: UplinkOptions = {}): Made<Uplink> {
  Uplink.options = options;
  return keepsMade(Uplink);
}

/** Calls `work` every so many milliseconds of fake time, for a time. */
export function everyMs(ms: number, until: number, work: () => void): void {
  for (let passed = 0; passed < until; passed += ms) {
    work();
    vi.advanceTimersByTime(ms);
  }
}

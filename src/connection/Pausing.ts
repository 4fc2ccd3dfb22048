import type { WebSocketLike } from '../config/WebSocketLike.js';

/** A connection, as far as pausing it needs it. */
interface PausableConnection {
  readonly isOpen: boolean;
  readonly transport: WebSocketLike | null;
  abort(cause: unknown): void;
}

/** Pauses the reading of a connection while a consumer needs that, so that the server must wait. Messages that were read already still arrive. */
export class Pausing {
  readonly #connection: PausableConnection;
  #isAllowed: boolean;
  #isPaused = false;
  #resumedAt = -Infinity;
  #consumers: object[] = [];

  constructor(connection: PausableConnection, isAllowed: boolean) {
    this.#connection = connection;
    this.#isAllowed = isAllowed;
  }

  /** Pauses until `resume`; while that is not allowed, from `allow(true)` on. Returns false if the transport cannot be paused. */
  pause(consumer: object): boolean {
    if (!this.#consumers.includes(consumer)) this.#consumers.push(consumer);
    if (this.#isAllowed) this.#pauseTransport();
    return this.#isAllowed ? this.#isPaused : this.#canPause;
  }

  /** Resumes reading when no other consumer needs the pause. */
  resume(consumer: object): void {
    this.#consumers = this.#consumers.filter((one) => one !== consumer);
    if (this.#consumers.length === 0) this.#resumeTransport();
  }

  /** Pausing is not allowed while `waitUntil` work is pending, and after our Close: the answer comes after the messages that were not read yet. */
  allow(isAllowed: boolean): void {
    this.#isAllowed = isAllowed;
    if (!isAllowed) this.#resumeTransport();
    else if (this.#consumers.length > 0) this.#pauseTransport();
  }

  /** Whether reading was paused at any time since `time`, by the clock of `performance`. Then silence proves nothing. */
  wasPausedSince(time: number): boolean {
    return this.#isPaused || this.#resumedAt >= time;
  }

  get #canPause(): boolean {
    const { transport } = this.#connection;
    return typeof transport?.pause === 'function' && typeof transport.resume === 'function';
  }

  #pauseTransport(): void {
    const { isOpen, transport } = this.#connection;
    if (this.#isPaused || !isOpen || !this.#canPause) return;
    try {
      transport?.pause?.();
      this.#isPaused = transport?.isPaused !== false;
    } catch {
      // Then it cannot be paused.
    }
  }

  #resumeTransport(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#resumedAt = performance.now();
    try {
      this.#connection.transport?.resume?.();
    } catch (cause) {
      // It would never read again.
      this.#connection.abort(cause);
    }
  }
}

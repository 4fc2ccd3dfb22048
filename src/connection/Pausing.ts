import type { WebSocketLike } from '../config/WebSocketLike.js';

/** A connection, as far as pausing it needs it. */
interface PausableConnection {
  readonly isOpen: boolean;
  readonly transport: WebSocketLike | null;
  abort(cause: unknown): void;
}

/** Pauses the transport of a connection while a consumer holds it, so that the server must wait. What was read already still arrives. */
export class Pausing {
  readonly #connection: PausableConnection;
  #isAllowed: boolean;
  #isPaused = false;
  #resumedAt = -Infinity;
  #holders: object[] = [];

  constructor(connection: PausableConnection, isAllowed: boolean) {
    this.#connection = connection;
    this.#isAllowed = isAllowed;
  }

  /** Keeps the transport paused until `release`, as long as that is allowed. Returns false where it cannot be paused. */
  hold(holder: object): boolean {
    if (!this.#holders.includes(holder)) this.#holders.push(holder);
    if (this.#isAllowed) this.#pause();
    return this.#isAllowed ? this.#isPaused : this.#canPause;
  }

  release(holder: object): void {
    this.#holders = this.#holders.filter((one) => one !== holder);
    if (this.#holders.length === 0) this.#resume();
  }

  /** Not while work waits for an answer of the server, and not once our Close is sent: the server's comes after what was not read yet. */
  allow(isAllowed: boolean): void {
    this.#isAllowed = isAllowed;
    if (!isAllowed) this.#resume();
    else if (this.#holders.length > 0) this.#pause();
  }

  /** Whether the network was not read at some time since then, by the clock of `performance`: silence then says nothing about the server. */
  wasPausedSince(time: number): boolean {
    return this.#isPaused || this.#resumedAt >= time;
  }

  get #canPause(): boolean {
    const { transport } = this.#connection;
    return typeof transport?.pause === 'function' && typeof transport.resume === 'function';
  }

  #pause(): void {
    const { isOpen, transport } = this.#connection;
    if (this.#isPaused || !isOpen || !this.#canPause) return;
    try {
      transport?.pause?.();
      this.#isPaused = transport?.isPaused !== false;
    } catch {
      // It cannot be paused, then.
    }
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#resumedAt = performance.now();
    try {
      this.#connection.transport?.resume?.();
    } catch (cause) {
      // A transport that stops reading is lost.
      this.#connection.abort(cause);
    }
  }
}

import type { WebSocketLike } from '../config/WebSocketLike.js';

/** An open connection, as far as pausing it needs it. */
interface PausableConnection {
  readonly connection: { readonly isOpen: boolean; readonly transport: WebSocketLike | null; abort(cause: unknown): void };
  /** How many `waitUntil` calls are pending. */
  readonly pendingWork: number;
}

/**
 * Pauses the reading of a connection while a consumer holds it, so that the server must wait. Messages that were read already still arrive.
 *
 * Nothing is paused while `waitUntil` work is pending, and after our Close: the server's answer comes after the messages that were not read yet.
 */
export class Pausing {
  isPaused = false;
  readonly #open: PausableConnection;
  #holds = 0;
  #resumedAt = -Infinity;

  constructor(open: PausableConnection) {
    this.#open = open;
  }

  /** Pauses until every consumer has called, once, the function that its `hold()` returned. */
  hold(): () => void {
    this.#holds++;
    this.update();
    return () => {
      this.#holds--;
      this.update();
    };
  }

  /** Pauses or resumes, after something that this depends on has changed. */
  update(): void {
    const { connection, pendingWork } = this.#open;
    const { isOpen, transport } = connection;
    const pauses = this.#holds > 0 && pendingWork === 0 && isOpen;
    if (pauses === this.isPaused) return;
    try {
      if (!pauses) {
        this.isPaused = false;
        this.#resumedAt = performance.now();
        transport?.resume?.();
      } else if (transport?.pause && transport.resume) {
        transport.pause();
        this.isPaused = transport.isPaused !== false;
      }
    } catch (cause) {
      // One that cannot be paused goes on; one that cannot be resumed would never read again.
      if (!pauses) connection.abort(cause);
    }
  }

  /** Whether reading was paused at any time since `time`, by the clock of `performance`. Then silence proves nothing. */
  wasPausedSince(time: number): boolean {
    return this.isPaused || this.#resumedAt >= time;
  }
}

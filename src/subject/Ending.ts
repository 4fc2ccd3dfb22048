import type { Subscription } from 'rxjs';
import type { EndRequest } from './link.js';
import { listenTo } from './listenTo.js';

/**
 * An end that the program asked for, and how far it has come: drain the outbox, wait for `until`, send Close, wait for the peer's.
 *
 * One deadline is for all of it; only the peer's answer after an `until` has a time of its own, since that wait is no fault of the peer.
 */
export class Ending {
  readonly code: number;
  readonly reason: string;
  readonly drain: boolean;
  readonly error: EndRequest['error'];
  /** Whether Close is sent, or about to be. */
  isClosing = false;
  /** Ms that the end may take. */
  readonly timeout: number;
  readonly #untilGiven: boolean;
  #isHeld = false;
  #holding: Subscription | undefined;
  #unsent: readonly unknown[];
  #drainSince: number | null = null;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  /** `unsent`: the values taken from the outbox at once; a drain leaves them there. */
  constructor(request: EndRequest, closeTimeout: number, unsent: readonly unknown[] = []) {
    this.code = request.code;
    this.reason = request.reason;
    this.drain = request.drain;
    this.error = request.error;
    this.timeout = request.timeout ?? closeTimeout;
    this.#untilGiven = request.until !== undefined;
    this.#unsent = unsent;
  }

  /** Whether `until` still holds Close back. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Ms that the peer has for its answer. */
  get answerTimeout(): number {
    if (this.#drainSince === null || this.#untilGiven) return this.timeout;
    return Math.max(1, this.timeout - (performance.now() - this.#drainSince));
  }

  /** Holds Close back until the first value or the end of `until`. */
  hold(until: NonNullable<EndRequest['until']>, released: () => void, failed: (error: unknown) => void): void {
    this.#isHeld = true;
    const release = (): void => {
      this.#isHeld = false;
      released();
    };
    const error = (thrown: unknown): void => {
      failed(thrown);
      release();
    };
    this.#holding = listenTo(until, { next: release, error, complete: release }, failed, 'once');
  }

  /** Starts the time for the drain, once; what is not done by then is done without. */
  startDeadline(timedOut: () => void): void {
    if (this.#drainSince !== null) return;
    this.#drainSince = performance.now();
    this.#deadline = setTimeout(() => {
      this.#isHeld = false;
      timedOut();
    }, this.timeout);
  }

  /** Gives, once, the values that will not be sent. */
  takeUnsent(): readonly unknown[] {
    const unsent = this.#unsent;
    this.#unsent = [];
    return unsent;
  }

  stop(): void {
    clearTimeout(this.#deadline);
    this.#holding?.unsubscribe();
  }
}

import { WebSocketTimeoutError } from '../close/WebSocketTimeoutError.js';
import { startTimer, type Environment, type Timer } from '../connection/Environment.js';

/** What a liveness check needs of its connection. */
export interface Pinged {
  /** Milliseconds from one ping to the next. */
  readonly every: number;
  /** Milliseconds in which something must arrive after a ping. */
  readonly timeout: number;
  readonly environment: Environment;
  /** How many messages could not be read: subscribers do not receive them, and they show that the server is there. */
  unreadable(): number;
  /** Sends a ping; calls `answered` for an answer that is no message. Returns false when none was sent: then nothing can be judged. */
  ping(answered: () => void): boolean;
  /** Whether a slow consumer has kept messages from being read at some time since then, by the clock of `performance`. */
  wasPausedSince(time: number): boolean;
  abort(cause: unknown): void;
}

/** If a timer fires more than this many milliseconds late, the page was frozen, its timers throttled, or the machine asleep. */
const sleep = 1_000;
/** If a timer fires more than this many milliseconds late, the event loop was blocked and messages may still be queued: deliver them first. */
const delay = 10;

/**
 * Pings one connection, and ends it when nothing arrives in time.
 *
 * It believes the clock and not its timers. A timer that is much too late says nothing about the server: what arrived may have arrived before the
 * sleep, and what the server sent since may not have been delivered yet. So it pings anew, and only what follows counts.
 */
export class LivenessCheck {
  /** Set by every message: all that a message costs. */
  hasArrived = true;
  readonly #pinged: Pinged;
  #timer: Timer | undefined;
  #pingedAt = 0;
  #monotonicPingedAt = 0;
  #unreadable = 0;
  #isProbing = false;
  #hasWaited = false;

  constructor(pinged: Pinged) {
    this.#pinged = pinged;
    this.#start(pinged.every, () => this.#ping());
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #start(ms: number, work: () => void): void {
    this.#timer = startTimer(this.#pinged.environment, ms, work);
  }

  #ping(): void {
    this.hasArrived = false;
    this.#hasWaited = false;
    this.#pingedAt = Date.now();
    this.#monotonicPingedAt = performance.now();
    this.#unreadable = this.#pinged.unreadable();
    // Start the timer before the ping, which may end the connection and stop this.
    this.#start(this.#pinged.timeout, () => this.#check());
    if (!this.#pinged.ping(() => (this.hasArrived = true))) this.hasArrived = true;
  }

  #check(): void {
    const { every, timeout } = this.#pinged;
    // One of the two clocks may stand still while a machine sleeps, and the other may be set back.
    const late = Math.max(Date.now() - this.#pingedAt, performance.now() - this.#monotonicPingedAt) - timeout;
    const isAlive = this.hasArrived || this.#pinged.unreadable() > this.#unreadable || this.#pinged.wasPausedSince(this.#monotonicPingedAt);
    if (late > sleep && !this.#isProbing) {
      this.#isProbing = true;
      this.#ping();
    } else if (isAlive) {
      this.#isProbing = false;
      this.#start(Math.max(0, every - timeout), () => this.#ping());
    } else if (late > delay && !this.#hasWaited) {
      this.#hasWaited = true;
      this.#start(0, () => this.#check());
    } else {
      this.#pinged.abort(new WebSocketTimeoutError('heartbeat', timeout));
    }
  }
}

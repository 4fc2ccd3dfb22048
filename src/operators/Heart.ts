import { WebSocketTimeoutError } from '../close/WebSocketTimeoutError.js';

/** What a heart needs of its connection. */
export interface Beating {
  /** Ms from one ping to the next. */
  readonly every: number;
  /** Ms that the peer has to be heard after a ping. */
  readonly timeout: number;
  /** How many messages could not be read: no subscriber hears of them, and they are signs of life all the same. */
  refused(): number;
  /** Sends a ping; what it calls back with counts as heard. Throws when the connection takes no more. */
  ping(heard: () => void): void;
  /** Whether a consumer that pulls has kept messages from being read, at some time since then; by the clock of `performance`. */
  wasPausedSince(time: number): boolean;
  abort(cause: unknown): unknown;
}

/** Ms by which a timer may be late before its platform is known to have held it back. */
const tolerance = 1_000;
/** Ms by which it may be late before something is taken to have kept it, and the network with it, from being looked at. */
const delay = 10;

/**
 * Pings one connection, and ends it when nothing is heard in time.
 *
 * It believes the clock and not its timers: one that comes much too late tells that the page was frozen, the machine asleep or the timers throttled, and
 * nothing of the peer. What was heard may have been heard before that, and what the peer sent since may not have been delivered yet. So it pings anew, and
 * only what follows counts. One that is a little late, because the program was busy, judges only after what has come meanwhile was delivered.
 */
export class Heart {
  /** Set by every message: all that a message costs. */
  isHeard = true;
  readonly #beating: Beating;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pingedAt = 0;
  #monotonicPingedAt = 0;
  #refused = 0;
  #isProbing = false;
  #hasWaited = false;

  constructor(beating: Beating) {
    this.#beating = beating;
    this.#timer = setTimeout(() => this.#beat(), beating.every);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #beat(): void {
    const { timeout } = this.#beating;
    this.isHeard = false;
    this.#hasWaited = false;
    this.#pingedAt = Date.now();
    this.#monotonicPingedAt = performance.now();
    this.#refused = this.#beating.refused();
    // First, since the ping may end the connection, and with it this.
    this.#timer = setTimeout(() => this.#check(), timeout);
    this.#beating.ping(() => (this.isHeard = true));
  }

  #check(): void {
    const { every, timeout } = this.#beating;
    // Of the two clocks one may stand still while a machine sleeps, and the other be set back.
    const passed = Math.max(Date.now() - this.#pingedAt, performance.now() - this.#monotonicPingedAt);
    const isLate = passed > timeout + tolerance;
    const isAlive = this.isHeard || this.#beating.refused() > this.#refused || this.#beating.wasPausedSince(this.#monotonicPingedAt);
    // Heard or not: it may have been heard before the sleep, and what came after it may not have been delivered yet.
    if (isLate && !this.#isProbing) {
      this.#isProbing = true;
      this.#beat();
    } else if (isAlive) {
      this.#isProbing = false;
      this.#timer = setTimeout(() => this.#beat(), Math.max(0, every - timeout));
    } else if (passed > timeout + delay && !this.#hasWaited) {
      this.#hasWaited = true;
      this.#timer = setTimeout(() => this.#check(), 0);
    } else {
      this.#beating.abort(new WebSocketTimeoutError('heartbeat', timeout));
    }
  }
}

import { bytesRead } from '#transport';
import { WebSocketTimeoutError } from '../close/WebSocketTimeoutError.js';
import type { WebSocketLike } from '../config/WebSocketLike.js';
import { startTimer, type Timer } from '../connection/Environment.js';
import { handleOf, type SocketOpen } from '../session/events.js';
import type { OpenConnection } from '../session/OpenConnection.js';
import { pongsOf, sendPing } from './ping.js';

/** Options of a liveness check. */
export interface LivenessOptions<Out> {
  /** Milliseconds from one ping to the next; 0 to send none and only expect activity. */
  readonly every: number;
  /** Milliseconds in which something must arrive: after a ping, or, without pings, after the last activity. */
  readonly timeout: number;
  /** Makes the message to send as a ping. Without it, pings of the protocol are sent. */
  readonly ping?: (() => Out) | undefined;
}

/** If a timer fires more than this many milliseconds late, the page was frozen, its timers throttled, or the machine asleep. */
const sleep = 1_000;
/** If a timer fires more than this many milliseconds late, the event loop was blocked and messages may still be queued: deliver them first. */
const delay = 10;
/** Without pings: milliseconds from one check of the bytes read to the next. */
const look = 1_000;
/** The lowest rate at which a connection is assumed to send, in bytes per millisecond: 100 kB a second (S19). */
const slowest = 100;
/** Bytes that may still be on their way after they have left the transport: as many as Linux buffers for a connection. */
const mostBuffered = 4_194_304;

/**
 * Pings one connection, and ends it when nothing arrives in time.
 *
 * It trusts the clock, not its timers. A very late timer proves nothing: messages may have arrived before the sleep, and later ones may not be
 * delivered yet. So it pings again, and only what arrives after that counts.
 */
export class LivenessCheck<In, Out> {
  readonly #handle: OpenConnection<In, Out>;
  readonly #transport: WebSocketLike;
  readonly #buffer: { readonly handed: number; readonly amount: number };
  readonly #options: LivenessOptions<Out>;
  #timer: Timer | undefined;
  #hasArrived = true;
  #activity = 0;
  /** When the current period began: at a ping, or, without pings, at the last activity. */
  #since = 0;
  #heardAt: number | undefined;
  /** At the last count: the bytes handed to the transport, the time, and how many of them may not have reached the server. */
  #handed = 0;
  #countedAt = 0;
  #underWay = 0;

  constructor(open: SocketOpen<In, Out>, options: LivenessOptions<Out>) {
    this.#handle = handleOf(open);
    const { buffer, transport } = this.#handle.connection;
    // An open connection has both.
    this.#transport = transport as WebSocketLike;
    this.#buffer = buffer as NonNullable<typeof buffer>;
    this.#options = options;
    if (options.every) this.#start(options.every, () => this.#begin());
    else this.#begin();
  }

  /** Called for every message. */
  hear(): void {
    this.#hasArrived = true;
    if (!this.#options.every) this.#heardAt = performance.now();
    // Reading the clock is slow: wait for a second's worth of data.
    else if (this.#buffer.handed - this.#handed > 1_000 * slowest) this.#count();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** A number that changes when something other than a message for subscribers arrives. */
  get #otherActivity(): number {
    return this.#handle.unreadable + pongsOf(this.#transport) + (bytesRead(this.#transport) ?? 0);
  }

  get #isAlive(): boolean | undefined {
    // While a slow consumer keeps messages from being read, silence proves nothing.
    return this.#hasArrived || this.#otherActivity !== this.#activity || this.#handle.connection.pausing?.wasPausedSince(this.#since);
  }

  #start(ms: number, work: (late: number) => void): void {
    const date = Date.now();
    const time = performance.now();
    // One of the two clocks may stand still while a machine sleeps, and the other may be set back.
    const fired = (): void => work(Math.max(Date.now() - date, performance.now() - time) - ms);
    this.#timer = startTimer(this.#handle.session.environment, ms, fired);
  }

  /**
   * Counts the bytes that your code has sent, since the next ping queues behind them. If anything has arrived, earlier data was leaving meanwhile, but
   * perhaps not all of it: the server may have sent that message long before.
   */
  #count(): void {
    const { amount, handed } = this.#buffer;
    const now = performance.now();
    if (this.#isAlive) this.#underWay = Math.max(0, Math.min(this.#underWay - slowest * (now - this.#countedAt), amount + mostBuffered));
    // Text counts as one byte per character, and may be more; the bytes that the transport still has are exact.
    this.#underWay = Math.max(this.#underWay + handed - this.#handed, amount);
    this.#handed = handed;
    this.#countedAt = now;
  }

  /** Begins a period in which something must arrive, with a ping, if this sends pings. */
  #begin(isProbe = false, since = performance.now()): void {
    const { every, ping, timeout } = this.#options;
    const { connection, session } = this.#handle;
    if (every) this.#count();
    const handed = this.#handed;
    this.#hasArrived = false;
    this.#heardAt = undefined;
    this.#activity = this.#otherActivity;
    this.#since = since;
    // Start the timer before the ping, which may end the connection and stop this.
    this.#wait(performance.now() - since, timeout + Math.floor(this.#underWay / slowest), isProbe);
    if (!every) return;
    try {
      const message = ping?.();
      if (connection.canSend) {
        if (ping) this.#handle.send(message as Out);
        else
          sendPing(connection, (error) => {
            if (error) return;
            // The server has read everything that was sent before this ping. Data sent after it may only begin to leave now.
            this.#underWay = this.#handed - handed;
            this.#countedAt = performance.now();
          });
        return;
      }
    } catch (error) {
      session.reportThrown('ping', error);
    }
    // No ping was sent, so silence proves nothing.
    this.#hasArrived = true;
  }

  /** Waits for the next check of what has arrived, until `allowed` milliseconds have passed. */
  #wait(waited: number, allowed: number, isProbe: boolean): void {
    const { every, timeout } = this.#options;
    // Without pings, a check shows only that bytes have arrived since the last one, not when.
    const ms = Math.min(every || bytesRead(this.#transport) === undefined ? timeout : look, allowed - waited);
    this.#start(ms, (late) => this.#check(late, waited + ms, allowed, isProbe));
  }

  #check(late: number, waited: number, allowed: number, isProbe: boolean): void {
    const { connection } = this.#handle;
    const { every } = this.#options;
    if (late > sleep && !isProbe) {
      this.#begin(true);
    } else if (this.#isAlive) {
      if (every) this.#start(Math.max(0, every - (performance.now() - this.#since)), () => this.#begin());
      // Other activity may be later than the last message.
      else this.#begin(false, this.#otherActivity === this.#activity ? this.#heardAt : undefined);
    } else if (waited < allowed) {
      this.#wait(waited, allowed, isProbe);
    } else if (late > delay) {
      this.#start(0, () => this.#check(0, allowed, allowed, isProbe));
    } else if (connection.canSend) {
      // A closing connection has its own deadline.
      connection.abort(new WebSocketTimeoutError('heartbeat', allowed));
    }
  }
}

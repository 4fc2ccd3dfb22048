import { SerializeError } from '../close/SerializeError.js';
import { showCause } from '../close/showCause.js';
import type { SerializedData } from './config.js';
import type { Connection } from './Connection.js';
import type { Core } from './Core.js';
import { isBlob } from './isBlob.js';
import type { Outbox, Queued } from './Outbox.js';
import { readBlob } from './readBlob.js';

/** The part of a core that values leave through. */
type Owner<Out> = Pick<Core<never, Out>, 'drains' | 'queuedChanged' | 'warn'>;

/** Ms until a transport whose buffer is too full is looked at again: no event tells that it has emptied. */
const firstLook = 4;
const longestPause = 100;
/** By the next look no more can have left than the third of what has left before: what the low mark leaves, where it is a quarter of the high one. */
const growth = 4 / 3;

/** The way out of a session: the outbox first, in order, then what is sent live (S12), as fast as the transport sends it. */
export class Outflow<Out> {
  readonly #outbox: Outbox<Out>;
  readonly #core: Owner<Out>;
  readonly #proceed: () => void;
  #connection: Connection | null = null;
  #isFlushing = false;
  /** The `Blob` that is being read, so that it can be sent. */
  #awaited: Queued<Out> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pause = firstLook;

  /**
   * `proceed` is called when a `Blob` that was next was read, or has been taken out because it cannot be, and when the buffer of the transport has
   * emptied after it was too full.
   */
  constructor(outbox: Outbox<Out>, core: Owner<Out>, proceed: () => void) {
    this.#outbox = outbox;
    this.#core = core;
    this.#proceed = proceed;
  }

  /** Whether nothing waits any more, on a connection that takes values. */
  get isDrained(): boolean {
    return this.#connection !== null && this.isEmpty;
  }

  get isEmpty(): boolean {
    return this.#outbox.length === 0;
  }

  /** Whether nothing waits in the buffer of the transport, up to its low mark. When not, it is looked at until that is so. */
  isCalm(): boolean {
    const connection = this.#connection;
    // One that closes has no more to be waited for.
    const isCalm = connection?.canSend !== true || connection.isLow;
    if (!isCalm) this.#watch();
    return isCalm;
  }

  /** From now on values flow to this connection. */
  start(connection: Connection): void {
    this.#connection = connection;
    this.#core.drains.begin(this);
  }

  stop(): void {
    this.#connection = null;
    this.#stopWatching();
  }

  /** Sends a value at once when nothing has to wait before it, and gives the connection that has taken it. A `Blob` has to be read first, and waits. */
  trySend(data: SerializedData): Connection | null {
    const connection = this.#connection;
    if (connection === null) return null;
    // The transport may have room again for what waits.
    if (!this.isEmpty) this.flush();
    if (!this.isEmpty || isBlob(data) || !connection.canSend || !connection.hasRoom) return null;
    connection.send(data);
    return connection;
  }

  /** Sends what the outbox holds, as far as the transport has room. A value that it will not take stays first and ends the connection. */
  flush(): void {
    const connection = this.#connection;
    if (connection === null || this.#isFlushing) return;
    this.#isFlushing = true;
    try {
      this.#outbox.flush(connection);
    } catch (cause) {
      connection.abort(cause);
    } finally {
      this.#isFlushing = false;
    }
    if (!connection.canSend) return;
    if (this.isEmpty) this.#stopWatching();
    else if (connection.isFull) this.#watch();
    this.#readNext();
  }

  /** Takes what was not sent, as it was given to `next()`. */
  take(): Out[] {
    return this.#outbox.take();
  }

  /**
   * Only one that is next is read, so that a file is not in memory before its time. And not by the transport: the sockets of undici and of Node lose
   * what they are still reading when they close, and all that was sent after it (S13).
   */
  #readNext(): void {
    const next = this.#outbox.oldest;
    if (next === undefined || next === this.#awaited || !isBlob(next.data)) return;
    this.#awaited = next;
    next.reading ??= readBlob(next, next.data);
    next.reading
      .catch((cause: unknown) => this.#drop(next, cause))
      .finally(() => {
        if (this.#awaited === next) this.#awaited = null;
        this.#proceed();
      });
  }

  /** One that cannot be read harms no other (S14). An end may have taken it meanwhile, or the session before, which had begun to read it, have dropped it. */
  #drop(queued: Queued<Out>, cause: unknown): void {
    if (!this.#outbox.remove(queued)) return;
    queued.outcome?.reject(new SerializeError(queued.value, cause));
    this.#core.queuedChanged();
    this.#core.warn({ kind: 'dropped', values: [queued.value], why: `its Blob could not be read: ${showCause(cause)}` });
  }

  #watch(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#pause = Math.min(this.#pause * growth, longestPause);
      if (!this.isCalm()) return;
      this.#stopWatching();
      this.#proceed();
      this.#core.drains.look();
    }, this.#pause);
  }

  #stopWatching(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pause = firstLook;
  }
}

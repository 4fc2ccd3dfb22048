import { showCause } from '../close/showCause.js';
import type { SerializedData } from './config.js';
import type { Connection } from './Connection.js';
import type { Core } from './Core.js';
import { isBlob } from './isBlob.js';
import type { Outbox, Queued } from './Outbox.js';
import { readBlob } from './readBlob.js';

/** The way out of a session: the outbox first, in order, then what is sent live (S12). */
export class Outflow<Out> {
  readonly #outbox: Outbox<Out>;
  readonly #core: Pick<Core<never, Out>, 'queuedChanged' | 'warn'>;
  readonly #proceed: () => void;
  #connection: Connection | null = null;
  #isFlushing = false;
  /** The `Blob` that is being read, so that it can be sent. */
  #awaited: Queued<Out> | null = null;

  /** `proceed` is called when a `Blob` that was next was read, or has been taken out because it cannot be. */
  constructor(outbox: Outbox<Out>, core: Pick<Core<never, Out>, 'queuedChanged' | 'warn'>, proceed: () => void) {
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

  /** From now on values flow to this connection. */
  start(connection: Connection): void {
    this.#connection = connection;
  }

  stop(): void {
    this.#connection = null;
  }

  /** Sends a value at once when nothing waits before it, and gives the connection that has taken it. A `Blob` has to be read first, and waits. */
  trySend(data: SerializedData): Connection | null {
    const connection = this.#connection;
    if (connection === null || !this.isEmpty || isBlob(data) || !connection.canSend) return null;
    connection.send(data);
    return connection;
  }

  /** Sends what the outbox holds. A value that the transport will not take stays first and ends the connection. */
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
    if (connection.canSend) this.#readNext();
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
    this.#core.queuedChanged();
    this.#core.warn({ kind: 'dropped', values: [queued.value], why: `its Blob could not be read: ${showCause(cause)}` });
  }
}

import type { SerializedData } from './config.js';
import type { Connection } from './Connection.js';
import type { Outbox } from './Outbox.js';

/** The way out of a session: the outbox first, in order, then what is sent live (S12). */
export class Outflow<Out> {
  readonly #outbox: Outbox<Out>;
  #connection: Connection | null = null;
  #isFlushing = false;

  constructor(outbox: Outbox<Out>) {
    this.#outbox = outbox;
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

  /** Sends a value at once when nothing waits before it, and gives the connection that has taken it. */
  trySend(data: SerializedData): Connection | null {
    const connection = this.#connection;
    if (connection === null || !this.isEmpty || !connection.canSend) return null;
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
  }

  /** Takes what was not sent, as it was given to `next()`. */
  take(): Out[] {
    return this.#outbox.take();
  }
}

import { WebSocketTimeoutError } from '../close/WebSocketTimeoutError.js';
import type { Connection } from '../connection/Connection.js';
import { startTimer, type Environment, type Timer } from '../connection/Environment.js';
import type { EndRequest } from './EndRequest.js';

/** A session, as far as its shutdown needs it. */
interface EndingSession {
  readonly environment: Environment;
  readonly connection: Connection | null;
  readonly outbox: { readonly length: number };
  /** Whether everything that may be sent was sent. */
  readonly isDrained: boolean;
  /** Ends the session where there is no connection that could close. */
  endUnconnected(request: EndRequest): void;
  /** Its Close is sent: the next session may connect (S7). */
  released(): void;
}

/**
 * An end that your code asked for. Step by step it drains the outbox, waits for `until`, sends Close, and waits for the server's Close. All that
 * shares one timeout.
 */
export class Shutdown {
  readonly request: EndRequest;
  /** Whether Close is sent, or about to be. */
  isClosing = false;
  readonly #session: EndingSession;
  readonly #timeout: number;
  #drainSince: number | undefined;
  #deadline: Timer | undefined;

  constructor(session: EndingSession, request: EndRequest, closeTimeout: number) {
    this.#session = session;
    this.request = request;
    this.#timeout = request.timeout ?? closeTimeout;
  }

  /** Takes the next step, as far as it can go now; called after everything that may have changed. */
  proceed(): void {
    const { code, reason, drain, until } = this.request;
    const { connection, environment, isDrained, outbox } = this.#session;
    if (!connection) this.#session.endUnconnected(this.request);
    else if (connection.isReleased) return;
    else if (!connection.isOpen) {
      if (!drain || outbox.length === 0) connection.cancel(code, reason);
    } else if (!drain || (isDrained && !until?.isPending)) this.#sendClose(connection);
    else if (this.#drainSince === undefined) {
      this.#drainSince = performance.now();
      this.#deadline = startTimer(environment, this.#timeout, () => this.#expire(connection));
    }
  }

  stop(): void {
    clearTimeout(this.#deadline);
  }

  /** The server is not to blame for an `until`: after that it has the whole timeout for its answer. */
  #sendClose(connection: Connection): void {
    const { code, reason, until } = this.request;
    const spent = this.#drainSince === undefined || until ? 0 : performance.now() - this.#drainSince;
    this.isClosing = true;
    this.stop();
    connection.close(code, reason, Math.max(1, this.#timeout - spent));
    this.#session.released();
  }

  #expire(connection: Connection): void {
    const { isDrained } = this.#session;
    this.#sendClose(connection);
    if (!isDrained) connection.abort(new WebSocketTimeoutError('close', this.#timeout));
  }
}

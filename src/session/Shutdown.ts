import { WebSocketTimeoutError } from '../close/WebSocketTimeoutError.js';
import type { Connection } from '../connection/Connection.js';
import { startTimer, type Environment, type Timer } from '../connection/Environment.js';
import type { EndRequest } from './EndRequest.js';

/** The part of a session that its shutdown uses. */
interface EndingSession {
  readonly environment: Environment;
  readonly connection: Connection | null;
  readonly outbox: { readonly length: number };
  /** Whether everything that may be sent was sent. */
  readonly isDrained: boolean;
  /** Ends the session if there is no connection that could close. */
  endUnconnected(request: EndRequest): void;
  /** Its Close is sent: the next session may connect (S7). */
  startNext(): void;
}

/**
 * Runs an end that your code asked for: send the outbox, wait for `hold`, send Close, wait for the server's Close. One timeout covers all steps; after a
 * `hold` it starts again.
 */
export class Shutdown {
  readonly request: EndRequest;
  /** Whether Close is sent, or about to be. */
  isCloseSent = false;
  readonly #session: EndingSession;
  readonly #timeout: number;
  #drainSince: number | undefined;
  #deadline: Timer | undefined;

  constructor(session: EndingSession, request: EndRequest, closeTimeout: number) {
    this.#session = session;
    this.request = request;
    this.#timeout = request.timeout ?? closeTimeout;
  }

  /** Takes the next step, if it is possible now. Called after everything that may have changed that. */
  advance(): void {
    const { code, reason, drain, hold } = this.request;
    const { connection, environment, isDrained, outbox } = this.#session;
    if (!connection) this.#session.endUnconnected(this.request);
    else if (connection.isReleased) return;
    else if (!connection.isOpen) {
      if (!drain || outbox.length === 0) connection.cancel(code, reason);
    } else if (!drain || (isDrained && !hold?.isPending)) this.#sendClose(connection);
    else if (this.#drainSince === undefined) {
      this.#drainSince = performance.now();
      this.#deadline = startTimer(environment, this.#timeout, () => this.#expire(connection));
    }
  }

  stop(): void {
    clearTimeout(this.#deadline);
  }

  /** After a `hold` the server has the full timeout for its answer, since your code has used up the time. */
  #sendClose(connection: Connection): void {
    const { code, reason, hold } = this.request;
    const spent = this.#drainSince === undefined || hold ? 0 : performance.now() - this.#drainSince;
    this.isCloseSent = true;
    this.stop();
    connection.close(code, reason, Math.max(1, this.#timeout - spent));
    this.#session.startNext();
  }

  #expire(connection: Connection): void {
    const { isDrained } = this.#session;
    this.#sendClose(connection);
    // Values are left unsent: do not wait for the server's answer.
    if (!isDrained) connection.abort(new WebSocketTimeoutError('close', this.#timeout));
  }
}

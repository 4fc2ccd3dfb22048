import { domException } from '../close/domException.js';
import type { WebSocketLike } from './WebSocketLike.js';

interface Pending {
  readonly sentAt: number;
  readonly answered: (ms: number) => void;
  readonly failed: (error: unknown) => void;
}

/** Pings that may be waited for: a peer that talks and never answers a ping must not fill the memory (S15). */
const maxPending = 100;

/** As `ws` has it. */
interface Pinging {
  ping(payload: string): void;
  on(event: 'pong', listener: (payload: unknown) => void): void;
}

/**
 * The pings of the protocol, on a transport that has them: `ws` does, browsers, Node's own and undici's do not.
 *
 * Source: RFC 6455 §5.5.2 and §5.5.3: a pong has the payload of its ping.
 */
export class ProtocolPings {
  readonly #transport: Pinging;
  readonly #pending = new Map<string, Pending>();
  #sent = 0;

  private constructor(transport: Pinging) {
    this.#transport = transport;
    transport.on('pong', (payload) => this.#answered(String(payload)));
  }

  /** Those of a transport, when it has any. */
  static of(transport: WebSocketLike | null): ProtocolPings | null {
    const canPing = typeof transport?.ping === 'function' && typeof transport.on === 'function';
    try {
      return canPing ? new ProtocolPings(transport as unknown as Pinging) : null;
    } catch {
      // One that cannot be listened to has no pongs, and with them no pings.
      return null;
    }
  }

  /** Sends one; gives the ms until its pong. */
  send(): Promise<number> {
    return new Promise((answered, failed) => {
      const payload = String(this.#sent++);
      this.#transport.ping(payload);
      this.#pending.set(payload, { sentAt: performance.now(), answered, failed });
      if (this.#pending.size > maxPending) this.#fail(this.#pending.keys().next().value ?? '', 'No pong has come, and too many are waited for');
    });
  }

  /** No pong comes any more. */
  end(): void {
    for (const payload of [...this.#pending.keys()]) this.#fail(payload, 'The connection has ended before the pong');
  }

  #fail(payload: string, why: string): void {
    this.#pending.get(payload)?.failed(domException(why, 'InvalidStateError'));
    this.#pending.delete(payload);
  }

  #answered(payload: string): void {
    const pending = this.#pending.get(payload);
    this.#pending.delete(payload);
    pending?.answered(performance.now() - pending.sentAt);
  }
}

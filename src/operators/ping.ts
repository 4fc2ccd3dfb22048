import { Subscription } from 'rxjs';
import { domException } from '../close/domException.js';
import type { WebSocketLike } from '../config/WebSocketLike.js';
import { handleOf, type SocketOpen } from '../session/events.js';

/** As `ws` has it. */
interface Pinging {
  ping(payload: string): void;
  on(event: 'pong', listener: (payload: unknown) => void): void;
}

/** Pings that wait for their pong, by payload. */
interface Pings {
  sent: number;
  readonly pending: Map<string, { readonly answered: () => void; readonly failed: (error: Error) => void }>;
}

/** A server that sends messages and never answers a ping must not fill the memory (S15). */
const maxPending = 100;

const pingsOf = new WeakMap<WebSocketLike, Pings>();

/**
 * Sends a ping of the protocol on an open connection; the promise gives the milliseconds until its pong.
 *
 * Only some transports have such pings: `ws` has, browsers, Node's own socket and undici's have not. `heartbeat` uses it where you give it no `ping`.
 *
 * Source: RFC 6455 §5.5.2 and §5.5.3: a pong has the payload of its ping.
 *
 * @param open - the `open` event of the connection.
 * @returns rejects with a `TypeError` where the transport has no pings, with an `InvalidStateError` once the connection is closing or gone, and when
 *   100 later pings are pending. It waits for the pong as long as the connection lasts.
 *
 * @example
 * ```ts
 * import { onOpen, ping, webSocket } from 'websocket-subject';
 *
 * const socket = webSocket<string>('wss://quotes.example.com').pipeEvents(
 *   onOpen((open) => {
 *     ping(open).then((ms) => console.log(`round trip: ${ms} ms`), console.warn);
 *   }),
 * );
 * ```
 */
export function ping<In, Out>(open: SocketOpen<In, Out>): Promise<number> {
  return new Promise((resolve, reject) => {
    const { connection } = handleOf(open);
    if (connection.transport === null || !canPing(open)) throw new TypeError('ping: the transport has no pings of the protocol');
    const { transport } = connection;
    const { pending, payload } = nextPing(transport);
    if (!connection.canSend) throw domException('ping: the connection is closing or gone', 'InvalidStateError');
    const sentAt = performance.now();
    const settle = (act: () => void) => (): void => {
      pending.delete(payload);
      ended.unsubscribe();
      act();
    };
    const fail = (error: Error): void => settle(() => reject(error))();
    const ended = new Subscription();
    ended.add(open.messages.subscribe({ complete: () => fail(domException('ping: the connection ended before the pong', 'InvalidStateError')) }));
    pending.set(payload, { answered: settle(() => resolve(performance.now() - sentAt)), failed: fail });
    if (pending.size > maxPending) [...pending.values()][0]?.failed(domException('ping: too many pings wait for their pong', 'InvalidStateError'));
    try {
      (transport as unknown as Pinging).ping(payload);
    } catch (error) {
      fail(error as Error);
    }
  });
}

/** @internal Returns whether the transport of the connection has pings of the protocol. */
export function canPing<In, Out>(open: SocketOpen<In, Out>): boolean {
  const { transport } = handleOf(open).connection;
  return typeof transport?.ping === 'function' && typeof transport.on === 'function';
}

function nextPing(transport: WebSocketLike): { readonly pending: Pings['pending']; readonly payload: string } {
  const known = pingsOf.get(transport);
  const pings: Pings = known ?? { sent: 0, pending: new Map() };
  if (known === undefined) {
    (transport as unknown as Pinging).on('pong', (payload) => pings.pending.get(String(payload))?.answered());
    pingsOf.set(transport, pings);
  }
  return { pending: pings.pending, payload: String(pings.sent++) };
}

import { Subscription } from 'rxjs';
import { domException } from '../close/domException.js';
import type { WebSocketLike } from '../config/WebSocketLike.js';
import { handleOf, type SocketOpen } from '../session/events.js';

/** As `ws` has it. */
interface Pinging {
  ping(payload: string): void;
  on(event: 'pong', listener: (payload: unknown) => void): void;
}

/** A connection whose transport has pings of the protocol. */
interface Pingable {
  readonly canSend: boolean;
  readonly transport: WebSocketLike | null;
}

interface Pings {
  sent: number;
  /** How many pongs have arrived, whatever their payload. */
  pongs: number;
  /** Callbacks of the pings that wait for their pong, by payload, in the order in which they were sent. */
  readonly pending: Map<string, (error?: Error) => void>;
}

/** A server that sends messages and never answers a ping must not fill the memory (S15). */
const maxPending = 100;

const pingsOf = new WeakMap<WebSocketLike, Pings>();

/**
 * Sends a ping frame on an open connection; resolves with the milliseconds until its pong.
 *
 * Only some transports can send ping frames: `ws` can; browsers, Node's own socket and undici's cannot. `heartbeat` sends them unless you give it a `ping`.
 *
 * Source: RFC 6455 §5.5.2 and §5.5.3: a pong has the payload of its ping, and may answer the pings before that, too.
 *
 * @param open - the `open` event of the connection.
 * @returns rejects with a `TypeError` if the transport cannot send ping frames, with an `InvalidStateError` once the connection is closing or gone, or when
 *   100 later pings are pending. Without a pong it stays pending until the connection ends.
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
    if (!canPing(open)) throw new TypeError('ping: the transport cannot send ping frames');
    const sentAt = performance.now();
    const ended = new Subscription();
    const fail = sendPing(handleOf(open).connection, (error) => {
      ended.unsubscribe();
      if (error) reject(error);
      else resolve(performance.now() - sentAt);
    });
    ended.add(open.messages.subscribe({ complete: () => fail(domException('ping: the connection ended before the pong', 'InvalidStateError')) }));
  });
}

/** @internal Returns whether the transport of the connection has pings of the protocol. */
export function canPing<In, Out>(open: SocketOpen<In, Out>): boolean {
  const { transport } = handleOf(open).connection;
  return typeof transport?.ping === 'function' && typeof transport.on === 'function';
}

/** @internal Returns how many pongs have arrived on a transport, since its first ping. */
export const pongsOf = (transport: WebSocketLike): number => pingsOf.get(transport)?.pongs ?? 0;

/** @internal Sends a ping, and calls `settled` for its pong, or with an error. Returns a function that makes it fail, if it still waits. */
export function sendPing(connection: Pingable, settled: (error?: Error) => void): (error: Error) => void {
  const transport = connection.transport as WebSocketLike;
  const pings = pingsOf.get(transport) ?? listenForPongs(transport);
  const { pending } = pings;
  const payload = String(pings.sent++);
  const settle = (key: string, error: Error): void => {
    const waiting = pending.get(key);
    pending.delete(key);
    waiting?.(error);
  };
  pending.set(payload, settled);
  const [oldest = payload] = pending.keys();
  if (pending.size > maxPending) settle(oldest, domException('ping: too many pings wait for their pong', 'InvalidStateError'));
  try {
    if (!connection.canSend) throw domException('ping: the connection is closing or gone', 'InvalidStateError');
    (transport as unknown as Pinging).ping(payload);
  } catch (error) {
    settle(payload, error as Error);
  }
  return (error) => settle(payload, error);
}

function listenForPongs(transport: WebSocketLike): Pings {
  const pings: Pings = { sent: 0, pongs: 0, pending: new Map() };
  const { pending } = pings;
  (transport as unknown as Pinging).on('pong', (data) => {
    pings.pongs++;
    const last = String(data);
    if (!pending.has(last)) return;
    for (const [payload, settled] of pending) {
      pending.delete(payload);
      settled();
      if (payload === last) break;
    }
  });
  pingsOf.set(transport, pings);
  return pings;
}

import { showValue } from '../close/showValue.js';
import type { SocketOpen } from '../subject/events.js';
import { linkOf, type SessionLink } from '../subject/link.js';
import { isTimeout, maxTimeout } from '../subject/settings.js';
import type { SocketOperator } from '../subject/SocketOperator.js';
import { socketOperator } from '../subject/source.js';
import { Heart } from './Heart.js';

/** Options of {@link heartbeat}. */
export interface HeartbeatOptions<In, Out> {
  /** Ms from one ping to the next, or `timeout` where that is longer; 25,000. */
  readonly every?: number | undefined;
  /** Ms after a ping in which something must be heard; 10,000. */
  readonly timeout?: number | undefined;
  /** Makes the message that is sent as a ping. Left out, pings of the protocol are sent, where the transport has them. */
  ping?(): Out;
  /** Tells which messages answer a ping; for `hidePongs`. */
  isPong?(message: In): boolean;
  /** Whether messages that `isPong` knows are kept from subscribers, though not from `messages` of an `open` event; `false`. */
  readonly hidePongs?: boolean | undefined;
}

/**
 * Sends a ping from time to time, and ends the connection at once when nothing is heard after it: one that is dead and does not say so ends as 1006,
 * and the policy decides.
 *
 * Any message that comes is a sign of life. A late timer is no sign of death: after a sleep, in a page that was frozen or whose timers are throttled,
 * the connection is pinged once more before it is judged. Nor is silence while a consumer that pulls has the transport paused. Pings go only to the
 * connection that they are for, never through the outbox. It goes before `reconnectOnCode`.
 *
 *     events                  -c-o------------Y#      Y: 1006, its cause a WebSocketTimeoutError of phase 'heartbeat'
 *     pings sent                     p    p
 *     messages                        a
 *     heartbeat(options)      -c-o----a-------Y#
 *
 * @param options - `every` and `timeout` in ms; something else than a number above 0 throws a `RangeError`. Without `ping` and on a transport without
 *   protocol pings, which browsers' are, it does nothing, and says so on `warnings`. What `ping` or `isPong` throws is told there too. `hidePongs`
 *   without `isPong` throws a `TypeError`.
 *
 * Source: RFC 6455 §5.5.2, for pings of the protocol.
 *
 * @example
 * ```ts
 * import { heartbeat, reconnectOnCode, webSocket } from 'websocket-subject';
 *
 * type Message = { op: 'ping' } | { op: 'pong' } | { op: 'quote'; price: number };
 *
 * const socket = webSocket<Message>('wss://quotes.example.com').pipeEvents(
 *   heartbeat({ ping: () => ({ op: 'ping' }), isPong: ({ op }) => op === 'pong', hidePongs: true }),
 *   reconnectOnCode(),
 * );
 * ```
 */
export function heartbeat<In, Out>(options: HeartbeatOptions<In, Out> = {}): SocketOperator<In, Out> {
  const { every = 25_000, timeout = 10_000, hidePongs = false } = options;
  for (const [name, ms] of Object.entries({ every, timeout })) {
    if (!isTimeout(ms)) throw new RangeError(`heartbeat: ${name} must be a number of ms above 0 and up to ${maxTimeout}, not ${showValue(ms)}`);
  }
  for (const [name, given] of Object.entries(options)) {
    const isCallback = name === 'ping' || name === 'isPong';
    if (isCallback && given !== undefined && typeof given !== 'function') throw new TypeError(`heartbeat: ${name} must be a function, not ${showValue(given)}`);
  }
  if (hidePongs && options.isPong === undefined) throw new TypeError('heartbeat: hidePongs needs isPong, which tells what to hide');
  const hearts = new WeakMap<SocketOpen<In, Out>, { heart: Heart; users: number }>();

  /** The one heart of a connection, however many subscribe. */
  const join = (open: SocketOpen<In, Out>): Joined => {
    const shared = hearts.get(open) ?? { heart: new Heart({ every, timeout, ...means(open, options) }), users: 0 };
    hearts.set(open, shared);
    shared.users++;
    const leave = (): void => {
      shared.users--;
      if (shared.users > 0) return;
      shared.heart.stop();
      hearts.delete(open);
    };
    return { heart: shared.heart, leave };
  };

  return socketOperator<In, Out>('heartbeat', (source, sink, subscription) => {
    let present: Joined | undefined;
    let session: SessionLink<In, Out> | undefined;
    const leave = (): void => {
      present?.leave();
      present = undefined;
    };
    const isHidden = (message: In): boolean => {
      try {
        return options.isPong?.(message) === true;
      } catch (error) {
        session?.warn({ kind: 'callback', callback: 'isPong', error });
        return false;
      }
    };
    subscription.add(leave);
    source(
      {
        event: (event) => {
          leave();
          if (event.type === 'open') {
            session = linkOf(event);
            if (options.ping === undefined && event.ping === undefined) session?.warn(cannotPing());
            else present = join(event);
          }
          sink.event(event);
        },
        message: (data) => {
          if (present !== undefined) present.heart.isHeard = true;
          if (!hidePongs || !isHidden(data)) sink.message(data);
        },
        complete: () => sink.complete(),
        error: (error) => sink.error(error),
      },
      subscription,
    );
  });
}

interface Joined {
  readonly heart: Heart;
  readonly leave: () => void;
}

const cannotPing = () =>
  ({ kind: 'callback', callback: 'heartbeat', error: new TypeError('this transport has no pings of the protocol: give heartbeat a `ping`') }) as const;

/** How a connection is pinged, and ended. */
function means<In, Out>(open: SocketOpen<In, Out>, options: HeartbeatOptions<In, Out>) {
  const session = linkOf<In, Out>(open);
  return {
    // A connection that is closing has a deadline of its own.
    abort: (cause: unknown) => open.canSend && open.abort(cause),
    refused: () => open.refused,
    wasPausedSince: (time: number) => session?.brake.wasPausedSince(time) === true,
    ping: (heard: () => void) => {
      if (options.ping === undefined) {
        open.ping?.().then(heard, () => undefined);
        return;
      }
      try {
        open.send(options.ping());
      } catch (error) {
        if ((error as { name?: unknown } | null)?.name === 'InvalidStateError') return;
        session?.warn({ kind: 'callback', callback: 'ping', error });
      }
    },
  };
}

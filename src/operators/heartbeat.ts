import { canPing, ping } from './ping.js';
import { requireFunction, requireTimeout } from '../config/checkArguments.js';
import { handleOf, type SocketOpen } from '../session/events.js';
import { sessionOf, type SessionLink } from '../session/link.js';
import { forward } from '../session/source.js';
import type { SocketOperator } from '../subject/SocketOperator.js';
import { LivenessCheck, type Pinged } from './LivenessCheck.js';
import { socketOperator } from './socketOperator.js';

/** Options of {@link heartbeat}. */
export interface HeartbeatOptions<In, Out> {
  /** Milliseconds from one ping to the next, or `timeout` where that is longer. Default 25,000. */
  readonly every?: number | undefined;
  /** Milliseconds in which something must arrive after a ping. Default 10,000. */
  readonly timeout?: number | undefined;
  /** Makes the message to send as a ping. Left out, pings of the protocol are sent, where the transport has them. */
  ping?(): Out;
  /** Returns whether a message answers a ping; for `hidePongs`. */
  isPong?(message: In): boolean;
  /** Whether to hide messages that `isPong` knows from subscribers, though not from `messages` of an `open` event. Default `false`. */
  readonly hidePongs?: boolean | undefined;
}

/**
 * Pings the server regularly and ends a connection that has died silently (1006), so that the reconnect policy can decide.
 *
 * Any message shows that the server is there. A late timer does not show that it is gone: after a sleep, in a page that was frozen or whose timers are
 * throttled, it pings once more before it judges. Silence does not count while a slow consumer has the transport paused. Pings go only to their own
 * connection, never through the outbox. Place it before `reconnectOnCode`.
 *
 *     events                  -c-o------------Y#      Y: 1006, its cause a WebSocketTimeoutError of phase 'heartbeat'
 *     pings sent                     p    p
 *     messages                        a
 *     heartbeat(options)      -c-o----a-------Y#
 *
 * @param options - `every` and `timeout` in milliseconds; anything but a number above 0 throws a `RangeError`. Without `ping`, and on a transport without
 *   protocol pings, such as a browser's, it does nothing, and reports that on `warnings`. What `ping` or `isPong` throws is reported there too.
 *   `hidePongs` without `isPong` throws a `TypeError`.
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
  requireTimeout('heartbeat: every', every);
  requireTimeout('heartbeat: timeout', timeout);
  const given: Readonly<Record<string, unknown>> = { ...options };
  for (const name of ['ping', 'isPong']) if (given[name] !== undefined) requireFunction(`heartbeat: ${name}`, given[name]);
  if (hidePongs && !options.isPong) throw new TypeError('heartbeat: hidePongs needs isPong, which selects what to hide');
  const checks = new WeakMap<SocketOpen<In, Out>, { readonly check: LivenessCheck; users: number }>();

  /** Returns the one check of a connection, however many subscribe. */
  const join = (open: SocketOpen<In, Out>): Joined => {
    const shared = checks.get(open) ?? { check: new LivenessCheck(pinged(open, { ...options, every, timeout })), users: 0 };
    checks.set(open, shared);
    shared.users++;
    const leave = (): void => {
      if (--shared.users > 0) return;
      shared.check.stop();
      checks.delete(open);
    };
    return { check: shared.check, leave };
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
      forward(sink, {
        event: (event) => {
          leave();
          if (event.type === 'open') {
            session = sessionOf(event);
            if (options.ping === undefined && !canPing(event)) session?.warn({ kind: 'callback', callback: 'heartbeat', error: cannotPing() });
            else present = join(event);
          }
          sink.event(event);
        },
        message: (data) => {
          if (present !== undefined) present.check.hasArrived = true;
          if (!hidePongs || !isHidden(data)) sink.message(data);
        },
      }),
      subscription,
    );
  });
}

interface Joined {
  readonly check: LivenessCheck;
  readonly leave: () => void;
}

const cannotPing = (): TypeError => new TypeError('this transport has no pings of the protocol: give heartbeat a `ping`');

/** Returns how a connection is pinged, and ended. */
function pinged<In, Out>(open: SocketOpen<In, Out>, options: HeartbeatOptions<In, Out> & Pick<Pinged, 'every' | 'timeout'>): Pinged {
  const session = sessionOf<In, Out>(open);
  const handle = handleOf(open);
  return {
    every: options.every,
    timeout: options.timeout,
    environment: session?.environment ?? {},
    // A connection that is closing has a deadline of its own.
    abort: (cause) => handle.connection.canSend && open.abort(cause),
    unreadable: () => handle.unreadable,
    wasPausedSince: (time) => handle.connection.pausing?.wasPausedSince(time) === true,
    ping: (answered) => {
      if (options.ping === undefined) {
        ping(open).then(answered, () => undefined);
        return true;
      }
      try {
        const message = options.ping();
        if (handle.connection.canSend) {
          open.send(message);
          return true;
        }
      } catch (error) {
        session?.warn({ kind: 'callback', callback: 'ping', error });
      }
      return false;
    },
  };
}

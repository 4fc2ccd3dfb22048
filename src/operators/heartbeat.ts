import { requireFunction, requireTimeout } from '../config/checkArguments.js';
import type { SocketOpen } from '../session/events.js';
import { sessionOf, type SessionLink } from '../session/link.js';
import { forward } from '../session/source.js';
import type { SocketOperator } from '../subject/SocketOperator.js';
import { LivenessCheck } from './LivenessCheck.js';
import { canPing } from './ping.js';
import { socketOperator } from './socketOperator.js';

/** Options of {@link heartbeat}: either for pings, or `expectEvery` to only listen. */
export type HeartbeatOptions<In, Out> = {
  /** Returns whether a message is a pong, or the server's own heartbeat; for `hidePongs`. */
  isPong?(message: In): boolean;
  /** Whether to hide these messages from subscribers; `messages` of an `open` event still emits them. Default `false`. */
  readonly hidePongs?: boolean | undefined;
} & (
  | {
      /** Milliseconds from one ping to the next, or `timeout` if that is longer. Default 25,000. */
      readonly every?: number | undefined;
      /** Milliseconds in which something must arrive after a ping; 1,000 more for each 100 kB queued before it. Default 10,000. */
      readonly timeout?: number | undefined;
      /** Returns the message to send as a ping. Default: ping frames, if the transport can send them. */
      ping?(): Out;
      readonly expectEvery?: undefined;
    }
  | {
      /** Milliseconds in which something must arrive after the open, and after each message (on `ws` each byte). Nothing is sent. */
      readonly expectEvery: number;
      readonly every?: undefined;
      readonly timeout?: undefined;
      readonly ping?: undefined;
    }
);

/**
 * Pings the server regularly and ends a connection that has died silently (1006), so that the reconnect policy can decide.
 *
 * Anything that arrives shows that the server is alive: a message, and on `ws` any byte. A ping is sent after the values that your code has sent, so the
 * check waits 1 s longer for each 100 kB that may still be on its way. A late timer proves nothing: after a sleep, or in a page that was frozen or is
 * throttled, it pings once more before it judges. Silence does not count while a slow consumer pauses the transport. Pings go only to their own connection,
 * never through the outbox. Place it before `reconnectOnCode`.
 *
 * With `expectEvery` it sends nothing: for servers that send pings of their own, or messages all the time.
 *
 *     events                  -c-o------------Y#      Y: 1006, its cause a WebSocketTimeoutError of phase 'heartbeat'
 *     pings sent                     p    p
 *     messages                        a
 *     heartbeat(options)      -c-o----a-------Y#
 *
 * @param options - `every` and `timeout` in milliseconds; anything but a number above 0 throws a `RangeError`. Without `ping`, and on a transport that
 *   cannot send ping frames, such as a browser's, it does nothing, and reports that on `warnings`. Errors of `ping` and `isPong` are reported there, too.
 *   `hidePongs` without `isPong`, and `expectEvery` with `every`, `timeout` or `ping`, throw a `TypeError`.
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
  const { expectEvery, every = expectEvery ? 0 : 25_000, timeout = expectEvery ?? 10_000, hidePongs = false } = options;
  const given = options as Readonly<Record<string, unknown>>;
  for (const name of ['every', 'timeout', 'expectEvery']) requireTimeout(`heartbeat: ${name}`, given[name]);
  for (const name of ['ping', 'isPong']) if (given[name] !== undefined) requireFunction(`heartbeat: ${name}`, given[name]);
  if (hidePongs && !options.isPong) throw new TypeError('heartbeat: hidePongs needs isPong');
  for (const name of ['every', 'timeout', 'ping']) {
    if (expectEvery && given[name] !== undefined) throw new TypeError(`heartbeat: expectEvery cannot be combined with ${name}`);
  }
  const checks = new WeakMap<SocketOpen<In, Out>, { readonly check: LivenessCheck<In, Out>; users: number }>();

  /** Returns the one check of a connection, however many subscribe. */
  const join = (open: SocketOpen<In, Out>): Joined => {
    const shared = checks.get(open) ?? { check: new LivenessCheck(open, { ...options, every, timeout }), users: 0 };
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
            if (every && !options.ping && !canPing(event)) session?.warn({ kind: 'callback', callback: 'heartbeat', error: cannotPing() });
            // An event that your code made has no connection to check.
            else if (session) present = join(event);
          }
          sink.event(event);
        },
        message: (data) => {
          present?.check.hear();
          if (!hidePongs || !isHidden(data)) sink.message(data);
        },
      }),
      subscription,
    );
  });
}

interface Joined {
  readonly check: Pick<LivenessCheck<never, never>, 'hear'>;
  readonly leave: () => void;
}

const cannotPing = (): TypeError => new TypeError('heartbeat without ping: the transport cannot send ping frames');

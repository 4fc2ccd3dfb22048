import { startTimer } from '../connection/Environment.js';
import type { Drain } from '../session/Outbox.js';
import { partsOf } from '../subject/partsOf.js';
import type { WebSocketSubject } from '../subject/WebSocketSubject.js';

/** Milliseconds until the buffer of a transport is checked again: no event says that it has emptied. The pause grows to the longest one. */
const firstPause = 4;
const longestPause = 100;

/**
 * Waits until nothing is left to send: the outbox is empty, and the `bufferedAmount` of the transport is not above `outbox.lowWaterMark`. Then there is
 * room for more. Never connects.
 *
 * @param socket - the subject; all subjects of a `pipeEvents` chain share one outbox.
 * @returns resolves then, at once when it is so already. Rejects with an `UnsentError` when your code ends a session, or empties the outbox of an idle
 *   subject, with values unsent. A connection that is lost keeps what waits (S13), and the promise goes on with the next one.
 *
 * @example
 * ```ts
 * import { drained, webSocket } from 'websocket-subject';
 *
 * const socket = webSocket<never, Uint8Array>({ url: 'wss://files.example.com', serializer: (part) => part });
 * socket.subscribe();
 * async function upload(parts: AsyncIterable<Uint8Array>): Promise<void> {
 *   for await (const part of parts) {
 *     socket.next(part);
 *     await drained(socket);
 *   }
 * }
 * ```
 */
export function drained<In, Out>(socket: WebSocketSubject<In, Out>): Promise<void> {
  const { core } = partsOf<In, Out>('drained', socket);
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pause = firstPause;
    const settle = (): void => {
      clearTimeout(timer);
      const at = core.drains.indexOf(drain);
      if (at >= 0) core.drains.splice(at, 1);
    };
    const drain: Drain = {
      check: () => {
        if (core.queued > 0) return;
        if (core.sessions.every(({ connection }) => !connection?.canSend || connection.isLow)) {
          settle();
          resolve();
        } else {
          // Only a transport has something left.
          timer ??= startTimer(core.environment, pause, () => {
            timer = undefined;
            // An end may have taken values away meanwhile: then it rejects.
            if (!core.drains.includes(drain)) return;
            pause = Math.min(pause * 2, longestPause);
            drain.check();
          });
        }
      },
      resolve,
      reject: (error) => {
        settle();
        reject(error as Error);
      },
    };
    core.drains.push(drain);
    drain.check();
  });
}

import { startTimer, type Timer } from '../connection/Environment.js';
import { removeFrom } from '../session/removeFrom.js';
import { partsOf } from '../subject/partsOf.js';
import type { WebSocketSubject } from '../subject/WebSocketSubject.js';

/** Milliseconds until the buffer of a transport is checked again, since no event says that it is empty. The pause doubles each time, up to the longest. */
const firstPause = 4;
const longestPause = 100;

/**
 * Waits until the outbox is empty, and the `bufferedAmount` of the transport is at most `outbox.lowWaterMark`: await it to send no faster than the network.
 *
 * It never connects. When a connection is lost, the outbox is kept (S13), and the promise waits for the next connection.
 *
 * @param socket - the subject; all subjects of a `pipeEvents` chain share one outbox
 * @returns resolves up to 100 ms late, since transports have no event for it. Rejects with an `UnsentError` when your code ends a session, or empties the
 *   outbox of an idle subject, while values are unsent
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
    let timer: Timer | undefined;
    let pause = firstPause;
    const check = (): void => {
      // If an end took values away, the promise rejects instead.
      if (core.queued > 0 || !core.drainWaiters.includes(drain)) return;
      if (core.sessions.every(({ connection }) => !connection?.canSend || connection.isLow)) {
        clearTimeout(timer);
        removeFrom(core.drainWaiters, drain);
        resolve();
      } else if (timer === undefined) {
        timer = startTimer(core.environment, pause, () => {
          timer = undefined;
          check();
        });
        pause = Math.min(pause * 2, longestPause);
      }
    };
    const drain: (typeof core.drainWaiters)[number] = { check, resolve, reject };
    core.drainWaiters.push(drain);
    check();
  });
}

import { Observable, type OperatorFunction } from 'rxjs';
import type { CleanCloseEvent, UncleanCloseEvent } from '../close/CloseEvent.js';
import type { SocketEvent } from '../session/events.js';
import { sessionOf } from '../session/link.js';
import { sourceOf } from '../session/source.js';

/**
 * Maps socket events to the final `CloseEvent`, clean or not, then completes. Use it for logs.
 *
 *     events        -c-o-a-b-X|        events        -c-o-a-b-Y#
 *     closeEvent()  ---------X|        closeEvent()  ---------Y|      X: clean, Y: not clean, #: its WebSocketCloseError
 *
 * @returns an operator that emits one `CloseEvent`. An error without a close, such as one thrown by the WebSocket constructor, stays an error.
 *
 * @example
 * ```ts
 * import { closeEvent, webSocket } from 'websocket-subject';
 *
 * webSocket<string>('wss://quotes.example.com').events.pipe(closeEvent()).subscribe((event) => {
 *   console.log(event.code, event.reason, event.wasClean);
 * });
 * ```
 */
export function closeEvent<In, Out>(): OperatorFunction<SocketEvent<In, Out>, CleanCloseEvent | UncleanCloseEvent> {
  return (events) => {
    const source = sourceOf(events, 'closeEvent');
    return new Observable((subscriber) => {
      source(
        {
          event: (event) => {
            if (event.type !== 'close') return;
            subscriber.next(event);
            const session = sessionOf(event);
            if (session) session.receivedClose = event;
            subscriber.complete();
          },
          message: () => undefined,
          complete: () => subscriber.complete(),
          error: (error) => subscriber.error(error),
        },
        subscriber,
      );
    });
  };
}

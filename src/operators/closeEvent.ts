import { Observable, type OperatorFunction } from 'rxjs';
import type { CleanCloseEvent, UncleanCloseEvent } from '../close/CloseEvent.js';
import type { SocketEvent } from '../subject/events.js';
import { sourceOf } from '../subject/source.js';

/**
 * The `CloseEvent` with which a stream of socket events ends, of either kind, then completion: for logs.
 *
 *     events        -c-o-a-b-X|        events        -c-o-a-b-Y#
 *     closeEvent()  ---------X|        closeEvent()  ---------Y|      X: clean, Y: not clean, #: its WebSocketCloseError
 *
 * @returns an operator that emits one `CloseEvent`. An error that no close came before, which is the WebSocket constructor's refusal, stays an error.
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

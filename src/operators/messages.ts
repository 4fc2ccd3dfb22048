import { Observable, type OperatorFunction } from 'rxjs';
import type { SocketEvent } from '../session/events.js';
import { sourceOf } from '../session/source.js';

/**
 * Maps socket events to plain messages. A `WebSocketSubject` does this itself; use it after operators in `pipe` of `events`.
 *
 *     events      -c-o-a-b-X|
 *     messages()  -----a-b--|
 *
 * @returns an operator that emits the data of each message, and ends as its source ends.
 *
 * @example
 * ```ts
 * import { messages, reconnectOnCode, webSocket } from 'websocket-subject';
 *
 * const quotes = webSocket<string>('wss://quotes.example.com').events.pipe(reconnectOnCode(), messages());
 * ```
 */
export function messages<In, Out>(): OperatorFunction<SocketEvent<In, Out>, In> {
  return (events) => {
    const source = sourceOf(events, 'messages');
    return new Observable<In>((subscriber) => {
      source(
        {
          event: () => undefined,
          message: (data) => subscriber.next(data),
          complete: () => subscriber.complete(),
          error: (error) => subscriber.error(error),
        },
        subscriber,
      );
    });
  };
}

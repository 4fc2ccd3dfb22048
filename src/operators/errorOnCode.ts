import type { CloseEvent } from '../close/CloseEvent.js';
import { WebSocketCloseError } from '../close/WebSocketCloseError.js';
import { readCodeTable } from '../policy/readCodeTable.js';
import { stop } from '../policy/stop.js';
import type { CloseValue } from '../session/events.js';
import { sessionOf } from '../session/link.js';
import type { SocketOperator } from '../subject/SocketOperator.js';
import { overridingOperator } from './socketOperator.js';

/** A close code, or a range of codes that includes both ends: `4401`, `'4000-4099'`. */
export type CodeKey = number | `${number}-${number}`;

/**
 * Turns the clean closes that you choose into errors, so that RxJS `retry` sees them.
 *
 * The `CloseEvent` comes first, as always, and is the `event` of the `WebSocketCloseError`. Unclean ends are errors already. An end that your code
 * asked for never becomes an error.
 *
 *     events              -c-o-m-X|
 *     errorOnCode(1012)   -c-o-m-X#      X: closed with 1012, clean; #: its WebSocketCloseError
 *     errorOnCode(4401)   -c-o-m-X|
 *
 * @param codes - a code, a range, or a list of them, written as the keys of `reconnectOnCode`: impossible codes and ranges that cross throw a
 *   `TypeError` that names them. Or a predicate, called with each clean close; when it throws, that is reported on `warnings` and the end stays clean.
 *
 * @example
 * ```ts
 * import { retry } from 'rxjs';
 * import { errorOnCode, webSocket } from 'websocket-subject';
 *
 * const socket = webSocket<string>('wss://quotes.example.com').pipeEvents(errorOnCode([1012, '4500-4599']));
 * const quotes = socket.pipe(retry({ delay: 1_000 }));
 * ```
 */
export function errorOnCode<In, Out>(codes: CodeKey | readonly CodeKey[] | ((event: CloseEvent) => boolean)): SocketOperator<In, Out> {
  const isError = typeof codes === 'function' ? codes : isOneOf(typeof codes === 'object' ? codes : [codes]);

  return overridingOperator<In, Out>('errorOnCode', (sink) => {
    let error: WebSocketCloseError | undefined;
    return {
      event: (event) => {
        if (event.type === 'close') error = shouldFail(event, isError) ? new WebSocketCloseError(event) : undefined;
        sink.event(event);
      },
      complete: () => (error ? sink.error(error) : sink.complete()),
    };
  });
}

function isOneOf(codes: readonly CodeKey[]): (event: CloseEvent) => boolean {
  const entryOf = readCodeTable(Object.fromEntries(codes.map((code) => [String(code), stop])));
  return ({ code }) => entryOf(code) !== undefined;
}

function shouldFail(event: CloseValue, isError: (event: CloseEvent) => boolean): boolean {
  const session = sessionOf(event);
  if (!event.wasClean || session?.isEndRequested === true) return false;
  try {
    // A predicate may have ended the session itself.
    return isError(event) && sessionOf(event)?.isEndRequested !== true;
  } catch (error) {
    session?.warn({ kind: 'callback', callback: 'errorOnCode', error });
    return false;
  }
}

import type { CloseEvent } from '../close/CloseEvent.js';
import { WebSocketCloseError } from '../close/WebSocketCloseError.js';
import { readCodeTable } from '../policy/readCodeTable.js';
import { stop } from '../policy/stop.js';
import type { CloseValue } from '../subject/events.js';
import { isFinal, linkOf } from '../subject/link.js';
import type { SocketOperator } from '../subject/SocketOperator.js';
import { socketOperator } from '../subject/source.js';

/** A close code, or the codes from one to another, both included: `4401`, `'4000-4099'`. */
export type CodeKey = number | `${number}-${number}`;

/**
 * Makes an error of a clean end with one of these codes, so that RxJS's own `retry`, and whoever handles errors, sees it.
 *
 * The `CloseEvent` comes first, as always, and is the `event` of the `WebSocketCloseError`. Unclean ends are errors already, and an end by the program
 * is never made one.
 *
 *     events              -c-o-m-X|
 *     errorOnCode(1012)   -c-o-m-X#      X: closed with 1012, clean; #: its WebSocketCloseError
 *     errorOnCode(4401)   -c-o-m-X|
 *
 * @param codes - a code, a range, or a list of them, with the keys of `reconnectOnCode`: impossible codes and ranges that cross throw a `TypeError` that
 *   names them. Or a predicate, asked about each clean end; when it throws, that is told on `warnings` and the end stays clean.
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

  return socketOperator<In, Out>('errorOnCode', (source, sink, subscription) => {
    let promoted: WebSocketCloseError | undefined;
    source(
      {
        event: (event) => {
          if (event.type === 'close') promoted = shouldFail(event, isError) ? new WebSocketCloseError(event) : undefined;
          sink.event(event);
        },
        message: (data) => sink.message(data),
        complete: () => (promoted ? sink.error(promoted) : sink.complete()),
        error: (error) => sink.error(error),
      },
      subscription,
    );
  });
}

function isOneOf(codes: readonly CodeKey[]): (event: CloseEvent) => boolean {
  const entryOf = readCodeTable(Object.fromEntries(codes.map((code) => [String(code), stop])));
  return ({ code }) => entryOf(code) !== undefined;
}

function shouldFail(event: CloseValue, isError: (event: CloseEvent) => boolean): boolean {
  const session = linkOf(event);
  if (!event.wasClean || isFinal(session)) return false;
  try {
    // A predicate may have ended the session itself.
    return isError(event) && !isFinal(session);
  } catch (error) {
    session?.warn({ kind: 'callback', callback: 'errorOnCode', error });
    return false;
  }
}

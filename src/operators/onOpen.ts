import { isObservable, type Observable } from 'rxjs';
import { handleOf, type SocketOpen } from '../session/events.js';
import type { SocketOperator } from '../subject/SocketOperator.js';
import { overridingOperator } from './socketOperator.js';

/**
 * Runs an effect each time a connection opens, before queued values are sent. Use it to log in or to resubscribe.
 *
 * One call of `onOpen` runs its effect once per connection, however many subscribe and whenever they do. Place it before `reconnectOnCode`.
 *
 *     events                -c-o---m-X|
 *     onOpen(effect)        -c-o---m-X|
 *     effect                   e--|            the outbox waits from e to |
 *
 * @param effect - receives the `SocketOpen`. It may return a promise or an observable, which the outbox waits for. If it throws, rejects or errors with
 *   a sendable `{ code, reason }`, the connection is closed with them. With any other error, or if all work together takes longer than
 *   `connectTimeout`, the connection is aborted with that as its cause (1006). The outbox is kept, and the policy decides: by default it stops after a
 *   code from 4000 up.
 *
 * @example
 * ```ts
 * import { filter, firstValueFrom } from 'rxjs';
 * import { onOpen, reconnectOnCode, webSocket } from 'websocket-subject';
 *
 * type Message = { op: 'auth'; token: string } | { op: 'welcome' } | { op: 'quote'; price: number };
 *
 * const socket = webSocket<Message>('wss://quotes.example.com').pipeEvents(
 *   onOpen((open) => {
 *     open.send({ op: 'auth', token: 'secret' });
 *     return firstValueFrom(open.messages.pipe(filter(({ op }) => op === 'welcome')));
 *   }),
 *   reconnectOnCode(),
 * );
 * socket.next({ op: 'quote', price: 1 }); // not before the server has said `welcome`
 * ```
 */
export function onOpen<In, Out>(
  // eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- an effect without work returns nothing, and is written without a `return`
  effect: (open: SocketOpen<In, Out>) => PromiseLike<unknown> | Observable<unknown> | void,
): SocketOperator<In, Out> {
  const done = new WeakSet<SocketOpen<In, Out>>();
  const run = (open: SocketOpen<In, Out>): void => {
    if (done.has(open)) return;
    done.add(open);
    try {
      const work = effect(open);
      if (isObservable(work) || typeof work?.then === 'function') open.waitUntil(work);
    } catch (error) {
      handleOf(open).fail(error);
    }
  };

  return overridingOperator<In, Out>('onOpen', (sink) => ({
    event: (event) => {
      if (event.type === 'open') run(event);
      sink.event(event);
    },
  }));
}

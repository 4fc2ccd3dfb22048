import { isObservable, type Observable } from 'rxjs';
import type { SocketOpen } from '../subject/events.js';
import type { SocketOperator } from '../subject/SocketOperator.js';
import { socketOperator } from '../subject/source.js';

/**
 * Runs an effect once for each connection, when it opens, before the outbox is sent: to authenticate, to ask for what the last connection gave.
 *
 * One call of `onOpen` runs its effect once per connection, however many subscribe and whenever they come. It goes before `reconnectOnCode`.
 *
 *     events                -c-o---m-X|
 *     onOpen(effect)        -c-o---m-X|
 *     effect                   e--|            the outbox waits from e to |
 *
 * @param effect - gets the `SocketOpen`. It may return a promise, or an observable, that the outbox waits for. When it throws, or the promise rejects, or
 *   the observable errors, the connection is aborted with that as its cause (1006), the outbox is kept, and the policy decides. What takes longer than
 *   `connectTimeout` is aborted too.
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
  // eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- an effect without work gives nothing, and is written without a `return`
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
      open.abort(error);
    }
  };

  return socketOperator<In, Out>('onOpen', (source, sink, subscription) => {
    source(
      {
        event: (event) => {
          if (event.type === 'open') run(event);
          sink.event(event);
        },
        message: (data) => sink.message(data),
        complete: () => sink.complete(),
        error: (error) => sink.error(error),
      },
      subscription,
    );
  });
}

import { Observable } from 'rxjs';
import type { Core } from './Core.js';
import type { Queued } from './Outbox.js';

/** What `WebSocketSubject.multiplex` gives. */
export function multiplex<In, Out>(
  socket: Observable<In>,
  core: Core<In, Out>,
  subMsg: () => Out,
  unsubMsg: () => Out,
  messageFilter: (message: In) => boolean,
): Observable<In> {
  return new Observable<In>((subscriber) => {
    const attempt = <Result>(call: () => Result): Result | undefined => {
      try {
        return call();
      } catch (error) {
        subscriber.error(error);
        return undefined;
      }
    };
    let queued: Queued<Out> | undefined;
    const takenBy = core.isOpen ? core.opens : core.opens + 1;
    attempt(() => (queued = core.next(subMsg())));
    if (subscriber.closed) return;
    subscriber.add(() => {
      // A connection that is gone has taken its subscriptions with it: an unsubscribe on the next one would end somebody else's. The program
      // is asked all the same, once, since it may tidy up there.
      attempt(() => {
        const message = unsubMsg();
        const wasNeverSent = queued !== undefined && core.takeBack(queued);
        if (!wasNeverSent && core.opens === takenBy && core.isOpen) core.next(message);
      });
    });
    subscriber.add(
      socket.subscribe({
        next: (message) => {
          // Any truth will do, as in rxjs/webSocket.
          if (attempt(() => Boolean(messageFilter(message)))) subscriber.next(message);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
  });
}

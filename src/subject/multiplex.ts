import { Observable } from 'rxjs';
import type { Core } from './Core.js';

/** What `WebSocketSubject.multiplex` gives. */
export function multiplex<In, Out>(
  socket: Observable<In> & { next(value: Out): void },
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
    const takenBy = core.isOpen ? core.opens : core.opens + 1;
    attempt(() => socket.next(subMsg()));
    if (subscriber.closed) return;
    subscriber.add(() => {
      // A connection that is gone has taken its subscriptions with it: an unsubscribe on the next one would end somebody else's. The program
      // is asked all the same, once, since it may tidy up there.
      const isTaken = core.opens < takenBy || (core.opens === takenBy && core.isOpen);
      attempt(() => {
        const message = unsubMsg();
        if (isTaken) socket.next(message);
      });
    });
    subscriber.add(
      socket.subscribe({
        next: (message) => {
          if (attempt(() => messageFilter(message)) === true) subscriber.next(message);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
  });
}

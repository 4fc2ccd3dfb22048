import { Observable } from 'rxjs';
import type { Core } from './Core.js';

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
    const queued = attempt(() => core.next(subMsg()));
    if (queued === undefined) return;
    let isDismissed = false;
    subscriber.add(() => {
      if (queued.takenBy === null) core.takeBack(queued);
      try {
        // The program is asked in any case, once, since it may tidy up there.
        const message = unsubMsg();
        // A connection that is gone has taken its subscriptions with it: an unsubscribe on the next one would end somebody else's.
        if (queued.takenBy !== null && !isDismissed && core.sendsTo(queued.takenBy)) core.next(message);
      } catch (error) {
        // Whoever subscribed has left, and hears no error any more.
        core.warn({ kind: 'callback', callback: 'unsubMsg', error });
      }
    });
    const messages = socket.subscribe({
      next: (message) => {
        // Any truth will do, as in rxjs/webSocket.
        if (attempt(() => Boolean(messageFilter(message)))) subscriber.next(message);
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
    // `unsubscribe()` of the subject has ended it: what is sent from then on is for the next connection (S7), which has nothing to unsubscribe.
    messages.add(() => {
      isDismissed = !subscriber.closed;
      subscriber.unsubscribe();
    });
    subscriber.add(messages);
  });
}

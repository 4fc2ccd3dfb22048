import { Observable } from 'rxjs';
import type { Queued } from '../session/Outbox.js';

/** What sends the messages. */
interface Sender<Out> {
  readonly session: { sendsTo(connection: object | undefined): boolean } | null;
  next(value: Out, options?: Pick<Queued<Out>, 'onDropped'>): Queued<Out>;
  takeBack(queued: Queued<Out>): void;
  catchAndWarn(act: () => void, callback: string): void;
}

/** Returns what `WebSocketSubject.multiplex` does. */
export function multiplex<In, Out>(
  socket: Observable<In>,
  core: Sender<Out>,
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
    const queued = attempt(() => core.next(subMsg(), { onDropped: (error) => subscriber.error(error) }));
    if (!queued) return;
    subscriber.add(() => {
      if (!queued.sentOn) core.takeBack(queued);
      // The subscriber receives no error any more.
      core.catchAndWarn(() => {
        // Always called, once: it may clean up.
        const message = unsubMsg();
        // The server forgets its subscriptions with the connection: an unsubscribe on the next one would end another subscriber's.
        if (core.session?.sendsTo(queued.sentOn)) core.next(message);
      }, 'unsubMsg');
    });
    // The outbox has dropped it.
    if (subscriber.closed) return;
    const messages = socket.subscribe({
      next: (message) => {
        // Any truthy value will do, as in rxjs/webSocket.
        if (attempt(() => Boolean(messageFilter(message)))) subscriber.next(message);
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
    // `unsubscribe()` of the subject ends it without a terminal.
    messages.add(() => subscriber.unsubscribe());
    subscriber.add(messages);
  });
}

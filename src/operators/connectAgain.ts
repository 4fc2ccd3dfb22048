import { Subscription } from 'rxjs';
import type { CloseValue } from '../subject/events.js';
import type { Sink, Source } from '../subject/source.js';
import type { Retry } from './retryDecider.js';
import { waitThen } from './waitThen.js';

/** Subscribes to a source, and again, after a wait, at each close that `decide` finds a retry for; every other end goes through unchanged (S6). */
export function connectAgain<In, Out>(
  source: Source<In, Out>,
  decide: (closeEvent: CloseValue) => Retry<In, Out> | null,
  sink: Sink<In, Out>,
  subscription: Subscription,
): void {
  const connect = (arrived = (): void => undefined): void => {
    const connection = new Subscription();
    let hasMovedOn = false;
    // `unsubscribe()` of the subject ends the connection's subscription, and so ours.
    connection.add(() => {
      if (!hasMovedOn) subscription.unsubscribe();
    });
    subscription.add(connection);
    source(
      {
        event: (event) => {
          arrived();
          const retry = event.type === 'close' ? decide(event) : null;
          if (retry === null) sink.event(event);
          else {
            hasMovedOn = true;
            connection.unsubscribe();
            waitThen(connect, retry, sink, subscription);
          }
        },
        message: (data) => sink.message(data),
        // A connection that ends while it is being unsubscribed from is heard to the last: who was not told its close is not told its terminal (S1).
        complete: () => {
          if (!hasMovedOn) sink.complete();
        },
        error: (error) => {
          if (!hasMovedOn) sink.error(error);
        },
      },
      connection,
    );
  };
  connect();
}

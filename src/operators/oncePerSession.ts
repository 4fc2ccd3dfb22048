import { Subscription } from 'rxjs';
import { inScope } from '../connection/Environment.js';
import { sessionOf, type SessionLink } from '../session/link.js';
import { forward, type Source } from '../session/source.js';

/** The listening of an operator for all its subscribers of one session. */
interface Listening {
  subscribers: number;
  readonly subscription: Subscription;
}

/**
 * Runs `listen` once per session, however many subscribers the operator has. An operator before `reconnectOnCode` is unsubscribed during a wait, but
 * the listening goes on. It stops when the session finishes, or when the last subscriber unsubscribes before a close.
 *
 * @returns a function that makes a source listen.
 */
export function oncePerSession<In, Out>(listen: (session: SessionLink<In, Out>) => Subscription): (source: Source<In, Out>) => Source<In, Out> {
  const listenings = new WeakMap<SessionLink<In, Out>, Listening>();

  const join = (session: SessionLink<In, Out>): Listening => {
    const known = listenings.get(session);
    const shared = known ?? { subscribers: 0, subscription: new Subscription() };
    // Before listening, which may emit synchronously and unsubscribe this subscriber.
    shared.subscribers++;
    if (known === undefined) {
      listenings.set(session, shared);
      shared.subscription.add(() => listenings.delete(session));
      session.addTeardown(shared.subscription);
      // Page, signals and observables of yours may make timers, too.
      shared.subscription.add(inScope(session.environment, () => listen(session)));
    }
    return shared;
  };

  return (source) => (sink, subscription) => {
    let session: SessionLink<In, Out> | undefined;
    let shared: Listening | undefined;
    /** Whether the last event was a close: a retry may follow, so the listening goes on. */
    let mayRetry = false;
    // Unsubscribe from the source first: ending a suspension first would let its pending retry connect.
    const inner = new Subscription(() => subscription.unsubscribe());
    subscription.add(() => {
      try {
        inner.unsubscribe();
      } finally {
        if (shared !== undefined && --shared.subscribers === 0 && !mayRetry) shared.subscription.unsubscribe();
      }
    });
    // After the terminal no retry follows: stop listening.
    const end = (terminal: () => void) => (): void => {
      mayRetry = false;
      terminal();
    };
    source(
      forward(sink, {
        event: (event) => {
          mayRetry = event.type === 'close';
          sink.event(event);
          const present = sessionOf<In, Out>(event);
          // With RxJS's `retry` the next event may belong to a new session.
          if (present === undefined || present === session || mayRetry || subscription.closed) return;
          // It counts in one session at a time; the listening of the other one ends with that session.
          if (shared !== undefined) shared.subscribers--;
          session = present;
          shared = join(present);
        },
        complete: end(() => sink.complete()),
        error: (error) => end(() => sink.error(error))(),
      }),
      inner,
    );
  };
}

import { Subscription } from 'rxjs';
import { sessionOf, type SessionLink } from '../session/link.js';
import { passOn, type Source } from '../session/source.js';

/** What an operator listens to, for all its subscribers of one session. */
interface Listening {
  users: number;
  readonly subscription: Subscription;
}

/**
 * Listens to something of yours once per session, from its first event on, however often the source is subscribed meanwhile: before
 * `reconnectOnCode` that is once a connection, and not at all during a wait, which must be listened through too. It goes on until the session is
 * over, or until its last subscriber unsubscribes from an open one.
 *
 * @returns a function that makes a source listen.
 */
export function oncePerSession<In, Out>(listen: (session: SessionLink<In, Out>) => Subscription): (source: Source<In, Out>) => Source<In, Out> {
  const listenings = new WeakMap<SessionLink<In, Out>, Listening>();

  const join = (session: SessionLink<In, Out>): Listening => {
    const known = listenings.get(session);
    const listening = known ?? { users: 0, subscription: new Subscription() };
    // Counted before it listens: what it hears may make its one user unsubscribe.
    listening.users++;
    if (known === undefined) {
      listenings.set(session, listening);
      listening.subscription.add(() => listenings.delete(session));
      session.keep(listening.subscription);
      listening.subscription.add(listen(session));
    }
    return listening;
  };

  return (source) => (sink, subscription) => {
    let session: SessionLink<In, Out> | undefined;
    let listening: Listening | undefined;
    /** Whether the connection has ended: then the session may wait for the next one. */
    let hasClosed = false;
    const leave = (isWaiting: boolean): void => {
      if (listening !== undefined && --listening.users === 0 && !isWaiting) listening.subscription.unsubscribe();
    };
    // The source ends first: to stop listening may end a suspension, and a retry that is not cancelled by then would connect.
    const inner = new Subscription(() => subscription.unsubscribe());
    subscription.add(() => {
      try {
        inner.unsubscribe();
      } finally {
        leave(hasClosed);
      }
    });
    // A stream that has ended does not govern the session any more.
    const end = (terminal: () => void) => (): void => {
      hasClosed = false;
      terminal();
    };
    source(
      passOn(sink, {
        event: (event) => {
          hasClosed = event.type === 'close';
          sink.event(event);
          const present = sessionOf<In, Out>(event);
          // After RxJS's `retry` one session follows another.
          if (present === undefined || present === session || hasClosed || subscription.closed) return;
          leave(true);
          session = present;
          listening = join(present);
        },
        complete: end(() => sink.complete()),
        error: (error) => end(() => sink.error(error))(),
      }),
      inner,
    );
  };
}

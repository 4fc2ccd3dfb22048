import { Subscription } from 'rxjs';
import { linkOf, type SessionLink } from '../subject/link.js';
import type { Source } from '../subject/source.js';

/**
 * Has a session listen to something that the program gave, from its first event on: once, however often the source is subscribed meanwhile. On the
 * inner side of `reconnectOnCode` that is once a connection, and not at all during a wait, which must be listened through too. It goes on until the
 * session is over or whoever was subscribed has left an open one.
 *
 * @returns what makes a source that listens of one that does not.
 */
export function oncePerSession<In, Out>(
  listen: (session: SessionLink<In, Out>) => Subscription,
): (source: Source<In, Out>) => Source<In, Out> {
  const watches = new WeakMap<SessionLink<In, Out>, Watch>();

  const begin = (session: SessionLink<In, Out>, watch: Watch): void => {
    watches.set(session, watch);
    session.keep(watch.listening);
    // A session that was over, and goes on because somebody's operator had held its close back, is listened to anew.
    watch.listening.add(() => watches.delete(session));
    watch.listening.add(listen(session));
  };

  /** `hasClosed`: the connection has ended, so that the session may be waiting, which must still be listened through. */
  const leave = (watch: Watch, hasClosed: boolean): void => {
    watch.users--;
    if (watch.users === 0 && !hasClosed) watch.listening.unsubscribe();
  };

  return (source) => (sink, subscription) => {
    let watched: SessionLink<In, Out> | undefined;
    let listening = Subscription.EMPTY;
    let leaveWatched: (hasClosed: boolean) => void = () => undefined;
    let hasClosed = false;
    // What was subscribed ends first: to stop listening may lift a suspension, and a wait that is not cancelled by then would connect.
    const whole = new Subscription(() => subscription.unsubscribe());
    subscription.add(() => {
      try {
        whole.unsubscribe();
      } finally {
        leaveWatched(hasClosed);
      }
    });
    const follow = (session: SessionLink<In, Out>): void => {
      leaveWatched(true);
      watched = session;
      const known = watches.get(session);
      const watch = known ?? { users: 0, listening: new Subscription() };
      // Counted before it listens: what it hears may make its one user leave.
      watch.users++;
      listening = watch.listening;
      leaveWatched = (closed) => leave(watch, closed);
      if (known === undefined) begin(session, watch);
    };
    source(
      {
        event: (event) => {
          hasClosed = event.type === 'close';
          sink.event(event);
          const session = linkOf<In, Out>(event);
          // Behind RxJS's `retry` one session follows another.
          const isNew = session !== watched || listening.closed;
          if (session !== undefined && isNew && !hasClosed && !subscription.closed) follow(session);
        },
        message: (data) => sink.message(data),
        // A stream that has ended governs the others no more.
        complete: () => {
          hasClosed = false;
          sink.complete();
        },
        error: (error) => {
          hasClosed = false;
          sink.error(error);
        },
      },
      whole,
    );
  };
}

interface Watch {
  users: number;
  readonly listening: Subscription;
}

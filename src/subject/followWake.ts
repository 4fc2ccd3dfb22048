import { Subscription, timer, type Observable } from 'rxjs';
import { watchPage } from '#transport';
import type { SessionLink } from './link.js';
import { listenTo } from './listenTo.js';

/** Ms within which a wait ends after a signal: a little chance keeps those apart whom the same network wakes. */
const jitter = 1_000;

const soon = (): number => Math.random() * jitter;

/** Has a session's waits cut short by the program's signal, or by those of the page that it runs in. */
export function followWake<In, Out>(session: SessionLink<In, Out>, wake: Observable<unknown> | false | undefined): Subscription {
  if (wake === false) return Subscription.EMPTY;
  const following = new Subscription();
  const hasten = (ms = soon()): void => {
    const { made } = session.attempts;
    if (session.waits.hasten(ms)) return;
    // A page is told first that it is awake, and then of the connection that the sleep has cost it: the wait that follows ends as if it had been there.
    following.add(timer(jitter / 2).subscribe(() => session.attempts.made === made && session.waits.hasten(soon() / 2)));
  };
  if (wake !== undefined) {
    const warn = (error: unknown): void => session.warn({ kind: 'callback', callback: 'wake', error });
    following.add(listenTo(wake, { next: () => hasten(), error: warn }, warn));
    return following;
  }
  let offline = Subscription.EMPTY;
  let left = Subscription.EMPTY;
  let returning = Subscription.EMPTY;
  const stop = watchPage({
    offline: () => {
      returning.unsubscribe();
      if (offline.closed) offline = session.waits.suspend('offline');
    },
    online: () => {
      if (offline.closed) return;
      const ms = soon();
      returning.unsubscribe();
      returning = timer(ms).subscribe(() => offline.unsubscribe());
      hasten(ms);
    },
    woken: () => hasten(),
    left: () => {
      if (!left.closed) return;
      left = session.waits.suspend('suspended');
      session.leave({ code: 1000, reason: '' });
    },
    shown: () => {
      left.unsubscribe();
      hasten();
    },
  });
  following.add(() => {
    stop();
    returning.unsubscribe();
    offline.unsubscribe();
    left.unsubscribe();
  });
  return following;
}

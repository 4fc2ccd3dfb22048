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
  // A platform without any network says that it is offline for ever, and reaches a server of its own all the same.
  let isRefuted = false;
  let isStarting = true;
  let offline = Subscription.EMPTY;
  let left = Subscription.EMPTY;
  let returning = Subscription.EMPTY;
  const stop = watchPage({
    offline: (isNews) => {
      if (isNews) isRefuted = false;
      else if (isStarting) isRefuted = session.isOpen;
      if (isRefuted) return;
      returning.unsubscribe();
      if (!offline.closed) return;
      offline = session.waits.suspend('offline', following);
      // A connection that opens all the same ends it.
      offline.add(() => (isRefuted = session.isOpen));
    },
    online: () => {
      if (offline.closed || !returning.closed) return;
      const ms = soon();
      returning = timer(ms).subscribe(() => {
        offline.unsubscribe();
        isRefuted = false;
      });
      hasten(ms);
    },
    woken: () => hasten(),
    left: () => {
      if (!left.closed) return;
      left = session.waits.suspend('suspended', following);
      session.leave({ code: 1000, reason: '' });
    },
    shown: () => {
      left.unsubscribe();
      hasten();
    },
  });
  isStarting = false;
  following.add(() => {
    stop();
    returning.unsubscribe();
  });
  return following;
}

import { defaultPage } from '#transport';
import { Subscription, timer, type Observable } from 'rxjs';
import { inScope } from '../connection/Environment.js';
import { listenTo } from '../connection/listenTo.js';
import type { SessionLink } from '../session/link.js';
import { waitsOf } from '../session/Waits.js';
import { watchPage } from './watchPage.js';

/** A wait ends within so many milliseconds of a signal: a random part of it spreads the clients that the same network wakes. */
const jitter = 1_000;

/** Shortens the waits of a session at each signal: of yours, or of the page that it runs in. */
export function followWake<In, Out>(session: SessionLink<In, Out>, wake: Observable<unknown> | false | undefined): Subscription {
  const following = new Subscription();
  const { environment } = session;
  const waits = waitsOf(session);
  const soon = (): number => (environment.random ?? Math.random)() * jitter;
  const wait = (ms: number, then: () => void): Subscription => {
    const waiting = inScope(environment, () => timer(ms).subscribe(then));
    following.add(waiting);
    return waiting;
  };
  const shorten = (ms: number): boolean => {
    const { retries } = waits;
    if (retries.filter((retry) => retry.shorten(ms)).length > 0) waits.update();
    return retries.length > 0;
  };
  const wakeUp = (ms = soon()): void => {
    const { made } = session;
    // A page receives the wake signal first, and then the close of the connection that the sleep has cost it: shorten the wait that follows, too.
    if (!shorten(ms)) wait(jitter / 2, () => session.made === made && shorten(soon() / 2));
  };
  if (wake) {
    const warn = (error: unknown): void => session.warn({ kind: 'callback', callback: 'wake', error });
    following.add(listenTo(wake, { next: () => wakeUp(), error: warn }, warn));
  }
  const page = environment.page ?? defaultPage();
  if (wake !== undefined || page === undefined) return following;

  let offline = Subscription.EMPTY;
  let returning = Subscription.EMPTY;
  /** A platform without any network says that it is offline for ever, and reaches a local server all the same. */
  let isRefuted = session.connection?.isOpen === true;
  const endOffline = (byOpen: boolean): void => {
    isRefuted = byOpen;
    offline.unsubscribe();
  };
  const stop = watchPage(page, {
    offline: (isNews) => {
      if (isNews) isRefuted = false;
      if (isRefuted) return;
      returning.unsubscribe();
      if (!offline.closed) return;
      offline = waits.suspend({ why: 'offline', opened: () => endOffline(true) });
      following.add(offline);
    },
    online: () => {
      if (offline.closed || !returning.closed) return;
      const ms = soon();
      returning = wait(ms, () => endOffline(false));
      wakeUp(ms);
    },
    visible: () => wakeUp(),
  });
  following.add(stop);
  return following;
}

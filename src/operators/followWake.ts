import { defaultPage } from '#transport';
import { Subscription, timer } from 'rxjs';
import type { ObservableLike } from '../config/ObservableLike.js';
import { inScope } from '../connection/Environment.js';
import { listenTo } from '../connection/listenTo.js';
import type { SessionLink } from '../session/link.js';
import { waitsOf } from '../session/Waits.js';
import { watchPage } from './watchPage.js';

/** A wait that begins within this many milliseconds after a signal is shortened, too: after a sleep, the signal comes before the close. */
const closeGrace = 500;

/** After a signal each client waits a random part of these milliseconds, so that they do not all reconnect at once. */
const maxWakeDelay = 1_000;

/** Shortens pending retries at each signal, yours or the page's, and suspends them while the page is offline. */
export function followWake<In, Out>(session: SessionLink<In, Out>, wake: ObservableLike<unknown> | false | undefined): Subscription {
  const following = new Subscription();
  const { environment } = session;
  const waits = waitsOf(session);
  const randomDelay = (): number => (environment.random ?? Math.random)() * maxWakeDelay;
  const after = (ms: number, then: () => void): Subscription => {
    const waiting = inScope(environment, () => timer(ms).subscribe(then));
    following.add(waiting);
    return waiting;
  };
  const shortenRetries = (ms: number): boolean => {
    const { retries } = waits;
    if (retries.filter((retry) => retry.shorten(ms)).length > 0) waits.update();
    return retries.length > 0;
  };
  const wakeUp = (ms = randomDelay()): void => {
    const { connectionCount } = session;
    if (shortenRetries(ms)) return;
    after(closeGrace, () => session.connectionCount === connectionCount && shortenRetries(randomDelay() / 2));
  };
  if (wake) {
    const warn = (error: unknown): void => session.warn({ kind: 'callback', callback: 'wake', error });
    following.add(listenTo(wake, { next: () => wakeUp(), error: warn }, warn));
  }
  const page = environment.page ?? defaultPage();
  if (wake !== undefined || page === undefined) return following;

  let offline = Subscription.EMPTY;
  let onlineTimer = Subscription.EMPTY;
  /** Some platforms always report offline, although they can connect. Once a connection has opened, trust only an `offline` event. */
  let ignoresOffline = session.connection?.isOpen === true;
  const endOffline = (byOpen: boolean): void => {
    ignoresOffline = byOpen;
    offline.unsubscribe();
  };
  const stop = watchPage(page, {
    offline: (isEvent) => {
      if (isEvent) ignoresOffline = false;
      if (ignoresOffline) return;
      onlineTimer.unsubscribe();
      if (!offline.closed) return;
      offline = waits.suspend({ why: 'offline', opened: () => endOffline(true) });
      following.add(offline);
    },
    wake: (isOnline) => {
      const ms = randomDelay();
      if (isOnline && !offline.closed && onlineTimer.closed) onlineTimer = after(ms, () => endOffline(false));
      wakeUp(ms);
    },
  });
  following.add(stop);
  return following;
}

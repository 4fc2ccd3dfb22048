import { Subscription, timer, type Observable } from 'rxjs';
import { watchPage } from '#transport';
import type { SessionLink } from './link.js';
import { listenTo } from './listenTo.js';

/** Ms within which a wait ends after a signal: a little chance keeps those apart whom the same network wakes. */
const jitter = 1_000;

/** Has a session's waits cut short by the program's signal, or by those of the page that it runs in. */
export function followWake<In, Out>(session: SessionLink<In, Out>, wake: Observable<unknown> | false | undefined): Subscription {
  const soon = (): number => Math.random() * jitter;
  if (wake === false) return Subscription.EMPTY;
  if (wake !== undefined) {
    const warn = (error: unknown): void => session.warn({ kind: 'callback', callback: 'wake', error });
    return listenTo(wake, { next: () => session.waits.hasten(soon()), error: warn }, warn);
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
      session.waits.hasten(ms);
    },
    woken: () => session.waits.hasten(soon()),
    left: () => {
      if (!left.closed) return;
      left = session.waits.suspend('suspended');
      session.leave({ code: 1000, reason: '' });
    },
    shown: () => {
      left.unsubscribe();
      session.waits.hasten(soon());
    },
  });
  return new Subscription(() => {
    stop();
    returning.unsubscribe();
    offline.unsubscribe();
    left.unsubscribe();
  });
}

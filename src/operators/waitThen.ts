import { Subscription, timer } from 'rxjs';
import { SocketReconnecting } from '../subject/events.js';
import { link, type Wait } from '../subject/link.js';
import type { Sink } from '../subject/source.js';
import type { Retry } from './retryDecider.js';

/**
 * Tells `reconnecting`, waits, then reconnects. The wait is registered with the session, so that `close()` on any face ends it (S5), and it ends
 * with `subscription` when whoever waits leaves. `reconnect` is given what to call at the first event.
 */
export function waitThen<In, Out>(
  reconnect: (arrived: () => void) => void,
  { closeEvent, session, attempt, delay }: Retry<In, Out>,
  sink: Sink<In, Out>,
  subscription: Subscription,
): void {
  if (subscription.closed) return;
  const waiting = new Subscription();
  // A delay of 0 costs no timer, nor does one without an end: the session holds back what must not go on yet. A `retryNow()` from inside
  // `reconnecting` waits until everybody has heard it.
  let isDue = delay === 0 || delay === Infinity;
  let isTelling = true;
  const goOn = (): void => {
    waiting.unsubscribe();
    reconnect(() => session?.waits.arrived(wait));
  };
  const resume = (): void => {
    isDue = true;
    if (isTelling || waiting.closed) return;
    if (session === undefined) goOn();
    else session.waits.resume(wait, goOn);
  };
  const event = new SocketReconnecting(attempt, delay, closeEvent, resume);
  let left = delay;
  let until = Date.now() + delay;
  let ticking = Subscription.EMPTY;
  const tick = (ms: number): void => {
    ticking.unsubscribe();
    ticking = timer(ms).subscribe(resume);
    waiting.add(ticking);
  };
  const hasten = (ms: number): boolean => {
    const now = Date.now();
    // Past its time by the clock it is late: the timer has stood still while the machine slept.
    if (isDue || (now < until && now + ms >= until)) return false;
    until = now + ms;
    left = ms;
    if (!isTelling) tick(ms);
    return true;
  };
  const wait: Wait<In, Out> = { event, sink, subscription, hasten, get until() { return until; } }; // prettier-ignore

  session?.waits.add(wait);
  waiting.add(() => session?.waits.cancel(wait));
  subscription.add(waiting);
  sink.event(session === undefined ? event : link(event, session));
  isTelling = false;
  if (isDue) resume();
  else if (!waiting.closed) tick(left);
}

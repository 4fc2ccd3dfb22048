import { Subscription, timer } from 'rxjs';
import { SocketReconnecting } from '../subject/events.js';
import { link, type Wait } from '../subject/link.js';
import type { Sink } from '../subject/source.js';
import type { Retry } from './retryDecider.js';

/**
 * Tells `reconnecting`, waits, then reconnects. The wait is registered with the session, so that `close()` on any face ends it (S5), and it ends
 * with `subscription` when whoever waits leaves.
 */
export function waitThen<In, Out>(
  reconnect: () => void,
  { closeEvent, session, attempt, delay }: Retry<In, Out>,
  sink: Sink<In, Out>,
  subscription: Subscription,
): void {
  const waiting = new Subscription();
  const resume = (): void => {
    if (waiting.closed || session?.resume(wait) === false) return;
    waiting.unsubscribe();
    reconnect();
  };
  const event = new SocketReconnecting(attempt, delay, closeEvent, resume);
  const wait: Wait<In, Out> = { event, until: Date.now() + delay, sink, subscription };

  waiting.add(() => session?.cancel(wait));
  subscription.add(waiting);
  session?.wait(wait);
  sink.event(session === undefined ? event : link(event, session));
  if (waiting.closed) return;
  // A delay of 0 costs no timer.
  if (delay === 0) resume();
  else waiting.add(timer(delay).subscribe(resume));
}

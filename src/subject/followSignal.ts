import { Subscription } from 'rxjs';
import type { EndRequest } from './link.js';

/** Ends a session as `complete()` does when the signal is aborted, or at once when it is; it is listened to until the session is over. */
export function followSignal(
  session: { end(request: EndRequest): void; keep(subscription: Subscription): void },
  signal: AbortSignal | undefined,
): void {
  if (signal === undefined) return;
  const complete = (): void => session.end({ code: 1000, reason: '', drain: true });
  if (signal.aborted) complete();
  else {
    signal.addEventListener('abort', complete);
    session.keep(new Subscription(() => signal.removeEventListener('abort', complete)));
  }
}

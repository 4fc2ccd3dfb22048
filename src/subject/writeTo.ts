import { filter, take } from 'rxjs';
import type { WebSocketSubject } from './WebSocketSubject.js';

/** Sends a value, and tells when there is room for the next: when nothing waits for a connection any more. */
export async function writeTo<In, Out>(socket: WebSocketSubject<In, Out>, value: Out): Promise<void> {
  socket.next(value);
  const sent = socket.status.pipe(filter(({ queued }) => queued === 0), take(1));
  await new Promise<void>((complete) => sent.subscribe({ complete }));
}

import { catchError, EMPTY, exhaustMap, startWith, Subject, type Observable } from 'rxjs';
import type { WebSocketSubject } from '../../../src/index.js';

export interface Sessions<T> {
  /** The messages of one session after another. It does not end with them: `socket.status` shows the ends. */
  readonly messages: Observable<T>;
  /** For a Reconnect button: replaces an open connection, cuts a wait short, or begins a new session after an end. */
  reconnect(): void;
}

export function sessionsOf<T, Out>(socket: WebSocketSubject<T, Out>): Sessions<T> {
  const again = new Subject<void>();
  return {
    // `exhaustMap` ignores `again` while a session runs.
    messages: again.pipe(
      startWith(undefined),
      exhaustMap(() => socket.pipe(catchError(() => EMPTY))),
    ),
    reconnect() {
      socket.reconnect();
      again.next();
    },
  };
}

import type { Observable } from 'rxjs';
import type { SocketEvent } from '../../src/index.js';

/** What a stream of socket events has emitted, its messages, and how it ended. */
export interface Record {
  readonly events: SocketEvent<unknown, never>[];
  readonly messages: unknown[];
  terminal(): 'complete' | 'error' | undefined;
}

/** Subscribes at once. */
export function record(source: Observable<SocketEvent<any, any>>): Record {
  const events: SocketEvent<unknown, never>[] = [];
  const messages: unknown[] = [];
  let terminal: 'complete' | 'error' | undefined;
  source.subscribe({
    next: (event) => {
      events.push(event as SocketEvent<unknown, never>);
      if (event.type === 'message') messages.push(event.data);
    },
    complete: () => (terminal = 'complete'),
    error: () => (terminal = 'error'),
  });
  return { events, messages, terminal: () => terminal };
}

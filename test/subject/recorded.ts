import type { Observable } from 'rxjs';
import type { SocketEvent } from '../../src/index.js';

/** The events of a stream, and in short, with its terminal, as a log. */
export interface Recorded {
  readonly log: unknown[];
  readonly events: SocketEvent<unknown, never>[];
  error?: unknown;
  unsubscribe(): void;
}

const inShort = (event: SocketEvent<unknown, never>): string => {
  switch (event.type) {
    case 'message':
      return `message ${JSON.stringify(event.data)}`;
    case 'close':
      return `close ${event.code}${event.reason === '' ? '' : ` ${event.reason}`} ${event.wasClean ? 'clean' : 'unclean'} ${event.initiator}`;
    case 'reconnecting':
      return `reconnecting ${event.attempt} in ${event.delay}`;
    default:
      return `${event.type} ${event.attempt}`;
  }
};

/** Subscribes at once, and records what it receives. */
export function recorded(events: Observable<SocketEvent<any, any>>): Recorded {
  const log: unknown[] = [];
  const seen: SocketEvent<unknown, never>[] = [];
  const record: Recorded = { log, events: seen, unsubscribe: () => subscription.unsubscribe() };
  const subscription = events.subscribe({
    next: (event) => {
      seen.push(event as SocketEvent<unknown, never>);
      log.push(inShort(event as SocketEvent<unknown, never>));
    },
    complete: () => log.push('complete'),
    error: (error: unknown) => {
      record.error = error;
      log.push(error instanceof Error ? error.name : error);
    },
  });
  return record;
}

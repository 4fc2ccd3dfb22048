import { tap } from 'rxjs';
import type { SocketEvent, SocketOperator } from 'websocket-subject';
import { log } from './log.mjs';

/** Logs each lost connection and the wait before the next attempt. Any RxJS operator that passes socket events on can be used in `pipeEvents`. */
export function logReconnects<In, Out>(end: 'feed' | 'sink'): SocketOperator<In, Out> {
  return tap<SocketEvent<In, Out>>((event) => {
    if (event.type === 'reconnecting') log({ lost: end, code: event.closeEvent.code, retryIn: Math.round(event.delay) });
  });
}

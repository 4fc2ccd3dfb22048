import { tap } from 'rxjs';
import type { SocketEvent, SocketOperator } from 'websocket-subject';
import { say } from './say.mjs';

/** Tells that a connection was lost, and when the next one is tried. Any operator of RxJS that gives on what it gets may stand in `pipeEvents`. */
export function telling<In, Out>(end: 'feed' | 'sink'): SocketOperator<In, Out> {
  return tap<SocketEvent<In, Out>>((event) => {
    if (event.type === 'reconnecting') say({ lost: end, code: event.closeEvent.code, retryIn: Math.round(event.delay) });
  });
}

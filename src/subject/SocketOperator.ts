import type { Observable } from 'rxjs';
import type { SocketEvent } from '../session/events.js';

/** The operators of this library: socket events in, socket events out. Use them in `pipeEvents`, or in `pipe` of `events`. */
export type SocketOperator<In, Out> = (events: Observable<SocketEvent<In, Out>>) => Observable<SocketEvent<In, Out>>;

import type { Observable } from 'rxjs';
import type { SocketEvent } from './events.js';

/** What the operators of this library are: socket events in, socket events out. They go into `pipeEvents`, or into `pipe` of `events`. */
export type SocketOperator<In, Out> = (events: Observable<SocketEvent<In, Out>>) => Observable<SocketEvent<In, Out>>;

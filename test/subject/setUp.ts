import { webSocket, type CloseEvent, type SocketStatus, type SocketWarning, type WebSocketSubject } from '../../src/index.js';
import type { WebSocketSubjectConfig } from '../../src/index.js';
import { fakeSockets } from './FakeSocket.js';
import type { Recorded } from './recorded.js';

/** A subject on transports in memory, with its warnings and statuses. */
export function setUp(config: Partial<WebSocketSubjectConfig<number>> = {}): {
  sockets: ReturnType<typeof fakeSockets>;
  socket: WebSocketSubject<number>;
  warnings: SocketWarning[];
  statuses: SocketStatus[];
} {
  const sockets = fakeSockets();
  const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, ...config });
  const warnings: SocketWarning[] = [];
  const statuses: SocketStatus[] = [];
  socket.warnings.subscribe((warning) => warnings.push(warning));
  socket.status.subscribe((status) => statuses.push(status));
  return { sockets, socket, warnings, statuses };
}

/** The `CloseEvent` that a stream ended with. */
export function lastClose({ events }: Recorded): CloseEvent {
  const last = events.at(-1);
  if (last?.type !== 'close') throw new Error('the last event is no close');
  return last;
}

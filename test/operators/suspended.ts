import type { SocketOperator, SocketStatus, SocketWarning } from '../../src/index.js';
import { webSocket } from '../../src/index.js';
import { fakeSockets } from '../subject/FakeSocket.js';

/** A subject on transports in memory, one with operators over the same connection, and their statuses and warnings. */
export function setUp(...operators: SocketOperator<number, number>[]) {
  const sockets = fakeSockets();
  const asked: number[] = [];
  const url = ({ attempt }: { attempt: number }): string => `ws://fake/${asked.push(attempt)}`;
  const socket = webSocket<number>({ url, WebSocketCtor: sockets.WebSocketCtor, closeTimeout: 500 });
  const statuses: SocketStatus[] = [];
  const warnings: SocketWarning[] = [];
  socket.status.subscribe((status) => statuses.push(status));
  socket.warnings.subscribe((warning) => warnings.push(warning));
  const derived = socket.pipeEvents(...operators);
  const states = (): string[] => statuses.map((status) => (status.state === 'waiting' ? `waiting ${status.why}` : status.state));
  return { sockets, asked, socket, derived, statuses, states, warnings };
}

/** What subscribers receive when a suspension begins. */
export const suspended = 'reconnecting 0 in Infinity';

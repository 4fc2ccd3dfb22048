import type { SocketOperator } from '../../src/index.js';
import { setUp as setUpSocket } from '../subject/setUp.js';

/** A subject of a server in memory, one with operators over the same connection, and their statuses and warnings. */
export function setUp(...operators: SocketOperator<number, number>[]) {
  const asked: number[] = [];
  const url = ({ attempt }: { attempt: number }): string => `ws://fake/${asked.push(attempt)}`;
  const all = setUpSocket({ url, closeTimeout: 500 });
  const derived = all.socket.pipeEvents(...operators);
  const states = (): string[] => all.statuses.map((status) => (status.state === 'waiting' ? `waiting ${status.why}` : status.state));
  return { ...all, asked, derived, states };
}

/** What subscribers receive when a suspension begins. */
export const suspended = 'reconnecting 0 in Infinity';

import type { FakeSocket } from './FakeSocket.js';

/** The numbers that a peer counts. */
export const upTo = (count: number, from = 0): number[] => Array.from({ length: count }, (_, index) => from + index);

/** Has a peer say all of them in one turn. */
export const say = (socket: FakeSocket, values: readonly number[]): void => values.forEach((value) => socket.message(value));

/** So many messages, asked for one by one. */
export async function take(messages: AsyncIterator<unknown>, count: number): Promise<unknown[]> {
  const taken: unknown[] = [];
  for (let i = 0; i < count; i++) taken.push((await messages.next()).value);
  return taken;
}

/** All that is left to a loop, and the name of its error, if it ends with one. */
export async function rest(messages: AsyncIterable<unknown>): Promise<unknown[]> {
  const taken: unknown[] = [];
  try {
    for await (const message of messages) taken.push(message);
  } catch (error) {
    taken.push(error instanceof Error ? error.name : error);
  }
  return taken;
}

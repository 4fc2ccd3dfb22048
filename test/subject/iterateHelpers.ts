import { vi } from 'vitest';
import type { TestConnection } from '../../src/testing/index.js';

/** Returns consecutive numbers. */
export const upTo = (count: number, from = 0): number[] => Array.from({ length: count }, (_, index) => from + index);

/** Delivers all values in one task, as messages of the server. */
export const deliver = (connection: TestConnection, values: readonly number[]): void => values.forEach((value) => connection.send(value));

/** The next task, in which an inbox judges its limit; with fake timers. */
export const nextTask = (): void => void vi.advanceTimersByTime(0);

/** Takes so many messages, one by one. */
export async function take(messages: AsyncIterator<unknown>, count: number): Promise<unknown[]> {
  const taken: unknown[] = [];
  for (let i = 0; i < count; i++) taken.push((await messages.next()).value);
  return taken;
}

/** Takes all remaining messages, and the name of the error that ends the loop, if there is one. */
export async function rest(messages: AsyncIterable<unknown>): Promise<unknown[]> {
  const taken: unknown[] = [];
  try {
    for await (const message of messages) taken.push(message);
  } catch (error) {
    taken.push(error instanceof Error ? error.name : error);
  }
  return taken;
}

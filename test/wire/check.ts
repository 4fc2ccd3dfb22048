import { expect } from 'vitest';
import type { Case } from './cases.js';
import { talk, type Talk } from './talk.js';

/** Lets a fault meet the first connection, and checks that nothing went against the laws. Returns how the last connection ended. */
export async function check([, faults, end]: Case, options: Omit<Talk, 'faults'>): Promise<string | undefined> {
  const { closes, violations } = await talk({ faults: [faults], ...options });
  expect(violations).toEqual([]);
  expect(closes[0]).toEqual(typeof end === 'string' ? end : expect.stringMatching(end));
  return closes.at(-1);
}

import { expect, test } from 'vitest';
import { atMost, between, sequence, type ReconnectPolicy } from 'websocket-subject';
import { attemptAfter, closedWith, dropped } from 'websocket-subject/testing';

/** Reconnects soon after a restart, and gives up after two drops. */
const policy: ReconnectPolicy = (attempt) => {
  const decide = attempt.closeEvent.code === 1012 ? between(0, 2_000) : atMost(2, sequence([100, 5_000]));
  return decide(attempt);
};

test('the policy decides by code and attempt', () => {
  expect(policy(attemptAfter(closedWith(1012)))).toBe(1_000); // the middle: chance is fixed
  expect([1, 2, 3].map((attempt) => policy(attemptAfter(dropped(), { attempt })))).toEqual([100, 5_000, null]);
});

import { CloseEvent, type CloseEventInit } from '../../src/close/CloseEvent.js';
import type { ReconnectAttempt } from '../../src/policy/ReconnectPolicy.js';

/** What a policy is asked about retry n after an end such as this (a dropped connection when nothing is said). */
export function retry(attempt = 1, end: CloseEventInit = { code: 1006 }, more: Partial<ReconnectAttempt> = {}): ReconnectAttempt {
  return { closeEvent: new CloseEvent('close', end), attempt, elapsed: 0, uptime: 0, previousDelay: null, ...more };
}

import { CloseEvent, type CloseEventInit } from '../../src/close/CloseEvent.js';
import type { ReconnectAttempt } from '../../src/policy/ReconnectPolicy.js';

/** Makes what a policy receives before retry n after this close; by default after a dropped connection. */
export function retry(attempt = 1, close: CloseEventInit = { code: 1006 }, more: Partial<ReconnectAttempt> = {}): ReconnectAttempt {
  return { closeEvent: new CloseEvent('close', close), attempt, repeats: 1, elapsed: 0, uptime: 0, previousDelay: null, ...more };
}

import { knownPolicy } from './knownPolicy.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';

/**
 * The policy that never reconnects: the end of the connection is the end of the session.
 *
 * @example
 * ```ts
 * import { stop, type CodeTable } from 'websocket-subject';
 *
 * const table: CodeTable = { 4401: stop };
 * ```
 */
export const stop: ReconnectPolicy = /* @__PURE__ */ knownPolicy({ name: 'stop', maxRetries: 0 }, () => null);

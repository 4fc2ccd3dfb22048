import { atMost } from './atMost.js';
import { between } from './between.js';
import type { CodeTable } from './CodeTable.js';
import { exponential } from './exponential.js';
import { retryHint } from './retryHint.js';
import { serverHint } from './serverHint.js';
import { unlessRefused } from './unlessRefused.js';

/**
 * When to retry after each close code unless your table says otherwise. A code that is not here stops.
 *
 * These are the ends that a restart, an overload or the network causes. Other ends would happen again: a message that is too big (1009) stays too big,
 * and a refused login (3000) needs fresh credentials, which only your code can get. The codes from 3000 up belong to the server, and no two services
 * agree on them, so they stop, except the one whose registered meaning is a timeout.
 *
 * A server that goes away, restarts or is overloaded may name the wait in its reason: it knows how many clients it drops.
 *
 * A function makes the table, and its keys are bare numbers, because a bundler keeps an object with calls or computed keys even where it is unused.
 */
export const defaultPolicies: CodeTable = /* @__PURE__ */ (() => ({
  // Going Away
  1001: serverHint(retryHint, between(0, 5_000)),
  // No Status Received: the Close had no code, as from a server that restarts and calls `close()` on each client.
  1005: between(0, 5_000),
  // Abnormal Closure. RFC 6455 §7.2.3: a random first delay, then truncated exponential backoff.
  1006: unlessRefused(serverHint(retryHint, exponential())),
  // Internal Error
  1011: atMost(5, exponential()),
  // Service Restart: its registration asks for a random 5 to 30 s.
  1012: serverHint(retryHint, between(5_000, 30_000)),
  // Try Again Later
  1013: serverHint(retryHint, between(30_000, 60_000)),
  // Bad Gateway
  1014: exponential(),
  // Timeout
  3008: exponential(),
}))();

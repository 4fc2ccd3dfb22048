import type { CloseEvent } from '../close/CloseEvent.js';

/**
 * The state of a subject. `attempt` is the number of the connection, or of the next one while waiting. Times are those of `Date.now()`. `queued` counts
 * the values in the outbox.
 *
 * - `idle`: no subscriber yet;
 * - `connecting`, `open`: the attempt, or the open connection, began at `since`;
 * - `closing`: our Close was sent with this code and reason, and the server has not answered yet;
 * - `waiting`: the last connection ended with `closeEvent`. The next attempt starts at `until`, or when `retryNow()` is called. While `why` is
 *   `suspended` or `offline`, no attempt starts, and `until` is `null`;
 * - `closed`: the session is over. `closeEvent` is how it ended, `null` when the transport's constructor threw `error`; `attempts` counts its
 *   connections.
 */
export type SocketStatus = { readonly queued: number } & (
  | { readonly state: 'idle' }
  | { readonly state: 'connecting'; readonly attempt: number; readonly since: number }
  | { readonly state: 'open'; readonly attempt: number; readonly since: number; readonly protocol: string }
  | { readonly state: 'closing'; readonly since: number; readonly code: number; readonly reason: string }
  | {
      readonly state: 'waiting';
      readonly why: 'delay' | 'offline' | 'suspended';
      readonly attempt: number;
      readonly until: number | null;
      readonly closeEvent: CloseEvent;
      retryNow(): void;
    }
  | {
      readonly state: 'closed';
      readonly closeEvent: CloseEvent | null;
      readonly error?: unknown;
      readonly attempts: number;
      readonly since: number;
    }
);

/**
 * The status of one session, without `queued`, which counts the values of all sessions.
 *
 * @internal
 */
export type SessionStatus = SocketStatus extends infer Status ? (Status extends unknown ? Omit<Status, 'queued'> : never) : never;

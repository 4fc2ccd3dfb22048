import type { CloseEvent } from '../close/CloseEvent.js';
import type { HandshakeRefusedError } from '../close/HandshakeRefusedError.js';
import { hintBounds, type ServerHint } from './serverHint.js';

const spreadField = /(?:^|[\s,;])spread=(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)(?=$|[\s,;])/;
const retryAfterField = /(?:^|[\s,;])retry-after=(\d+(?:\.\d+)?)(?=$|[\s,;])/;

/**
 * Finds how long the server asks its clients to wait, in the reason of a close or the `Retry-After` of a refused handshake: the `parse` of `serverHint`.
 *
 * | the reason contains | the client waits |
 * |---|---|
 * | `spread=10..60` | a random time from 10 to 60 s |
 * | `retry-after=30` | 30 s |
 * | `{"spread":[10,60]}`, `{"retryAfter":30}` | the same, if the whole reason is a JSON object |
 * | nothing, but a handshake was refused with 429 or 503 and `Retry-After: 30` | a random time from 30 to 36 s, never less than 1 s |
 *
 * In text the field may stand anywhere, separated by spaces, commas or semicolons: `deploy; spread=10..60`. Seconds are decimal, without a sign or an
 * exponent. If both are given, `spread` counts. `retry-after` does not spread clients: a server with many clients should send `spread`, or different
 * seconds to each.
 *
 * @param closeEvent - the close: its reason, or the `HandshakeRefusedError` that is its `cause`
 * @returns milliseconds, or a window of milliseconds; `null` if there is no hint, or an impossible one
 *
 * @example
 * ```ts
 * import { CloseEvent, retryHint } from 'websocket-subject';
 *
 * retryHint(new CloseEvent('close', { code: 1012, reason: 'deploy; spread=10..60' })); // => [10000, 60000]
 * retryHint(new CloseEvent('close', { code: 1013, reason: '{"retryAfter":30}' })); // => 30000
 * retryHint(new CloseEvent('close', { code: 1012, reason: 'deploy' })); // => null
 * ```
 */
export function retryHint({ reason, httpStatus, cause }: Pick<CloseEvent, 'reason'> & Partial<Pick<CloseEvent, 'httpStatus' | 'cause'>>): ServerHint | null {
  const retryAfter = httpStatus && (cause as HandshakeRefusedError | undefined)?.retryAfter;
  // Spread, since many clients get the same answer; at least a second, so that a server that sends 0 causes no loop.
  if (typeof retryAfter === 'number') return [Math.max(1_000, retryAfter), Math.max(1_000, retryAfter) * 1.2];
  const seconds = hintBounds(reason.startsWith('{') ? ofJson(reason) : ofText(reason));
  if (seconds === null) return null;
  const [min, max] = [Math.round(seconds.min * 1_000), Math.round(seconds.max * 1_000)];
  return min === max ? min : [min, max];
}

function ofText(reason: string): unknown {
  const field = spreadField.exec(reason) ?? retryAfterField.exec(reason);
  return field?.slice(1).map(Number);
}

function ofJson(reason: string): unknown {
  try {
    const { spread, retryAfter } = JSON.parse(reason) as { spread?: unknown; retryAfter?: unknown };
    return spread ?? retryAfter;
  } catch {
    return null;
  }
}

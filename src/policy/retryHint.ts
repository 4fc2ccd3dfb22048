import type { CloseEvent } from '../close/CloseEvent.js';
import type { ServerHint } from './serverHint.js';

const spreadField = /(?:^|[\s,;])spread=(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)(?=$|[\s,;])/;
const retryAfterField = /(?:^|[\s,;])retry-after=(\d+(?:\.\d+)?)(?=$|[\s,;])/;

/**
 * Finds in the reason of a close how many seconds the server asks its clients to wait: the `parse` of `serverHint`.
 *
 * | the reason has | the client waits |
 * |---|---|
 * | `spread=10..60` | a random time from 10 to 60 s |
 * | `retry-after=30` | 30 s |
 * | `{"spread":[10,60]}`, `{"retryAfter":30}` | the same, where the whole reason is a JSON object |
 *
 * In text the field may stand anywhere, separated by spaces, commas or semicolons: `deploy; spread=10..60`. Seconds are decimal, without a
 * sign or an exponent. Where both are given, `spread` counts. `retry-after` spreads nothing: a server with many clients sends `spread`, or
 * draws the seconds itself, for every client anew.
 *
 * @param closeEvent - the close, of which only the reason matters
 * @returns ms, or a window of ms, or `null` where there is no hint. `serverHint` checks whether the numbers make sense
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
export function retryHint({ reason }: Pick<CloseEvent, 'reason'>): ServerHint | null {
  const { spread, retryAfter } = reason.startsWith('{') ? ofJson(reason) : ofText(reason);
  const ends: readonly unknown[] = Array.isArray(spread) ? spread : [];
  const [min, max] = ends;
  if (ends.length === 2 && typeof min === 'number' && typeof max === 'number') return [inMs(min), inMs(max)];
  return typeof retryAfter === 'number' ? inMs(retryAfter) : null;
}

function ofText(reason: string): { spread?: unknown; retryAfter?: unknown } {
  const spread = spreadField.exec(reason)?.slice(1).map(Number);
  const retryAfter = retryAfterField.exec(reason)?.[1];
  return { spread, retryAfter: retryAfter === undefined ? undefined : Number(retryAfter) };
}

function ofJson(reason: string): { spread?: unknown; retryAfter?: unknown } {
  try {
    return JSON.parse(reason) as object;
  } catch {
    return {};
  }
}

const inMs = (seconds: number): number => Math.round(seconds * 1_000);

import { CloseCode } from '../close/CloseCode.js';
import type { CodeTable } from './CodeTable.js';
import { defaultEntryOf } from './defaultEntryOf.js';
import { readCodeTable } from './readCodeTable.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';

export type { CodeTable } from './CodeTable.js';

/**
 * A policy that decides by close code: the given table, laid over the defaults, and `stop` for what neither has.
 *
 * Anything that the given table says about a code, even by a range, comes before anything that the defaults say. Within one table the exact
 * code comes first, then the narrowest range.
 *
 * An unclean end with code 0 is looked up as 1006, for that is what it is on the runtimes that say 0. An unclean end with any other code is
 * looked up by that code: the peer did send it, and only data of ours was lost on the way (Chromium says so).
 *
 * @param table - policies by code or by range of codes; left out, the defaults alone decide
 * @throws `TypeError` when the table is not an object or cannot be used; the message names every entry that is wrong
 *
 * @example
 * ```ts
 * import { CloseEvent } from '../close/CloseEvent.js';
 * import { after } from './after.js';
 * import { codePolicy } from './codePolicy.js';
 * import { stop } from './stop.js';
 *
 * const policy = codePolicy({ '4000-4099': after(500), 4004: stop });
 * const ask = (code: number) =>
 *   policy({ closeEvent: new CloseEvent('close', { code, wasClean: true }), attempt: 1, elapsed: 0, uptime: 0, previousDelay: null });
 * ask(4001); // => 500
 * ask(4004); // => null
 * ask(1000); // => null
 * ```
 *
 * @internal
 */
export function codePolicy(table: CodeTable = {}): ReconnectPolicy {
  const own = readCodeTable(table);
  return (attempt) => {
    const { code, wasClean } = attempt.closeEvent;
    const meant = !wasClean && code === 0 ? CloseCode.AbnormalClosure : code;
    return (own(meant) ?? defaultEntryOf(meant)).policy(attempt);
  };
}

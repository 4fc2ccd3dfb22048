import type { CodeTable } from './CodeTable.js';
import { defaultPolicies } from './defaultPolicies.js';
import { readCodeTable } from './readCodeTable.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';
import { stop } from './stop.js';

export type { CodeTable } from './CodeTable.js';

/**
 * Returns a policy that decides by close code: the given table, then the defaults, and `stop` for codes that neither has.
 *
 * The given table, even a range in it, takes precedence over the defaults. Within one table the exact code comes first, then the narrowest range.
 *
 * An unclean end with code 0 is looked up as 1006, which is what runtimes mean when they report 0. An unclean end with any other code is looked up by
 * that code: the server did send it, and only data of ours was lost on the way (Chromium reports this).
 *
 * A Close of ours that did not end the session is looked up by the code that we sent, whatever the server answered: many answer without a code.
 *
 * @param table - policies by code or by range of codes; left out, the defaults alone decide
 * @throws `TypeError` when the table is not an object or cannot be used; the message names the entry that is wrong
 *
 * @internal
 */
export function codePolicy(table: CodeTable = {}): ReconnectPolicy {
  const own = readCodeTable(table);
  return (attempt) => {
    const { code, sent, wasClean } = attempt.closeEvent;
    const meant = sent?.code ?? (code === 0 && !wasClean ? 1006 : code);
    return (own(meant)?.policy ?? defaultPolicies[meant] ?? stop)(attempt);
  };
}

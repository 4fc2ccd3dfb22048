import { describeCloseCode } from '../close/describeCloseCode.js';
import { isSendableCloseCode } from '../close/isSendableCloseCode.js';
import type { CodeTable } from './CodeTable.js';
import { defaultEntryOf, defaultPolicies } from './defaultPolicies.js';
import { describePolicy } from './describePolicy.js';
import { maxCode } from './maxCode.js';
import type { PolicyEntry, PolicyExplanation } from './PolicyExplanation.js';
import { readCodeTable, type CodeEntry } from './readCodeTable.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';
import { showEntries } from './showEntries.js';
import { writePolicy } from './writePolicy.js';

/**
 * Shows what `reconnectOnCode` would do about each close code, as data and as a table to read.
 *
 * It looks every code up as `reconnectOnCode` does, and shows what the policies of this library are known to do. It never calls your policies:
 * a custom function is reported as `'depends'`, with the limits that `atMost` and `within` around it set. Ends that your code asks for are not
 * in it: they are final, and no policy is asked about them (S5).
 *
 * @param policyOrTable - what `reconnectOnCode` takes: nothing for the defaults, a table that is laid over them, or a function
 * @throws `TypeError` when the table is not an object or cannot be used; the message names every entry that is wrong
 *
 * @example
 * ```ts
 * import { after, atMost, explainPolicy } from 'websocket-subject';
 *
 * const explanation = explainPolicy({ '4000-4099': atMost(3, after(500)) });
 * console.log(String(explanation));
 * explanation.toString(({ from }) => from === 4000);
 * // => code       meaning      decision                              policy                 decided by        may be sent
 * // => 4000-4099  private use  retry after 500 ms; at most 3 times  atMost(3, after(500))  table: 4000-4099  yes
 * ```
 */
export function explainPolicy(policyOrTable?: ReconnectPolicy | CodeTable): PolicyExplanation {
  const entries = typeof policyOrTable === 'function' ? entriesOfFunction(policyOrTable) : entriesOfTable(policyOrTable);
  const every = (): boolean => true;
  return {
    entries,
    toString: (which = every) => showEntries(entries.filter(which), 'text'),
    toMarkdown: (which = every) => showEntries(entries.filter(which), 'markdown'),
  };
}

function entriesOfFunction(policy: ReconnectPolicy): PolicyEntry[] {
  const alone: CodeEntry = { key: '', policy };
  return runs({}, () => alone).map(({ from, to }) => explain(from, to, policy, 'function', null));
}

function entriesOfTable(table: CodeTable = {}): PolicyEntry[] {
  const own = readCodeTable(table);
  return runs(table, (code) => own(code) ?? defaultEntryOf(code)).map(({ from, to, entry: { key, policy } }) =>
    own(from) ? explain(from, to, policy, 'table', key) : explain(from, to, policy, 'defaults', null),
  );
}

/** Returns all codes as ranges, cut where another entry decides and where the registry has another name. */
function runs(table: CodeTable, entryOf: (code: number) => CodeEntry): { from: number; to: number; entry: CodeEntry }[] {
  const cuts = new Set([...registryCuts(), ...tableCuts(defaultPolicies), ...tableCuts(table)]);
  const starts = [...cuts]
    .filter((code) => code <= maxCode)
    .sort((a, b) => a - b)
    .map((from) => ({ from, name: describeCloseCode(from), entry: entryOf(from) }))
    .filter(({ name, entry }, index, all) => all[index - 1]?.name !== name || all[index - 1]?.entry !== entry);
  return starts.map(({ from, entry }, index) => ({ from, to: (starts[index + 1]?.from ?? maxCode + 1) - 1, entry }));
}

/** Returns the codes at which another name begins. Above 4999 there is only one. */
function registryCuts(): number[] {
  return Array.from({ length: 5_001 }, (_, code) => code).filter((code) => code === 0 || describeCloseCode(code) !== describeCloseCode(code - 1));
}

/** Returns the codes at which a key of a table begins, or has ended. */
function tableCuts(table: CodeTable): number[] {
  return Object.keys(table).flatMap((key) => {
    const ends = key.split('-').map(Number);
    return [Math.min(...ends), Math.max(...ends) + 1];
  });
}

/** How many retries are explained one by one: with the defaults the delays have their full length by then. */
const shownRetries = 6;

function explain(from: number, to: number, policy: ReconnectPolicy, decidedBy: PolicyEntry['decidedBy'], key: string | null): PolicyEntry {
  const { delays: known, maxRetries, maxElapsed, maxHint } = describePolicy(policy);
  const first = known(1, 1);
  return {
    from,
    to,
    name: describeCloseCode(from),
    isSendable: isSendableCloseCode(from),
    decision: first === undefined ? 'depends' : first === null ? 'stop' : 'retry',
    delays: Array.from({ length: shownRetries }, (_, index) => known(index + 1, index + 1)).filter((delay) => delay != null),
    laterDelays: known(shownRetries + 1, Infinity) ?? null,
    maxRetries: limit(maxRetries),
    maxElapsed: limit(maxElapsed),
    maxHint,
    policy: writePolicy(policy),
    decidedBy,
    key,
  };
}

function limit(value: number): number | null {
  return value === Infinity ? null : value;
}

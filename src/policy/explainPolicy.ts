import { describeCloseCode } from '../close/describeCloseCode.js';
import { isSendableCloseCode } from '../close/isSendableCloseCode.js';
import type { CodeTable } from './CodeTable.js';
import { defaultPolicies } from './defaultPolicies.js';
import { factsOf, type PolicyFacts } from './knownPolicy.js';
import type { PolicyEntry, PolicyExplanation } from './PolicyExplanation.js';
import { maxCode, readCodeTable } from './readCodeTable.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';
import { showEntries } from './showEntries.js';
import { stop } from './stop.js';
import { writePolicy } from './writePolicy.js';

/**
 * Shows what `reconnectOnCode` would do about each close code, as data and as a table to read.
 *
 * It looks up every code as `reconnectOnCode` does, and shows how the policies of this library decide. It never calls your policies: a custom function is
 * reported as `'depends'`, with the limits that `atMost` and `within` around it set. It leaves out the ends that your code asks for: they are final,
 * whatever the policy (S5).
 *
 * @param policyOrTable - what `reconnectOnCode` takes: nothing for the defaults, a table that overrides them, or a function
 * @throws `TypeError` when the table is not an object or cannot be used; the message names the entry that is wrong
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
export function explainPolicy(policyOrTable: ReconnectPolicy | CodeTable = {}): PolicyExplanation {
  const isFunction = typeof policyOrTable === 'function';
  const own = readCodeTable(isFunction ? {} : policyOrTable);
  const entries: (PolicyEntry & { to: number })[] = [];
  for (let code = 0; code <= maxCode; code++) {
    const name = describeCloseCode(code);
    const { key = null, policy = isFunction ? policyOrTable : (defaultPolicies[code] ?? stop) } = own(code) ?? {};
    const last = entries.at(-1);
    // Codes with the same name have the same default policy, so only the given table can tell them apart.
    if (last?.name === name && last.key === key) last.to = code;
    else {
      const decidedBy = isFunction ? 'function' : key === null ? 'defaults' : 'table';
      entries.push({ from: code, to: code, name, isSendable: isSendableCloseCode(code), ...explain(policy), decidedBy, key });
    }
  }
  return {
    entries,
    toString: (which = () => true) => showEntries(entries.filter(which), 'text'),
    toMarkdown: (which = () => true) => showEntries(entries.filter(which), 'markdown'),
  };
}

/** How many retries are explained one by one: the delays of the defaults have reached their maximum by then. */
const shownRetries = 6;

function explain(policy: ReconnectPolicy): Omit<PolicyEntry, 'from' | 'to' | 'name' | 'isSendable' | 'decidedBy' | 'key'> {
  const layers: PolicyFacts[] = [];
  for (let facts = factsOf(policy); facts; facts = factsOf(facts.given?.[1])) layers.push(facts);
  // A custom function at the centre has no facts, and a wrapper has no bounds of its own.
  const bounds = layers.at(-1)?.bounds;
  const maxElapsed = Math.min(...layers.map((facts) => facts.maxElapsed ?? Infinity));
  const maxRetries = maxElapsed === 0 ? 0 : Math.min(...layers.map((facts) => facts.maxRetries ?? Infinity));
  const maxRefusals = Math.min(...layers.map((facts) => facts.maxRefusals ?? Infinity));
  const maxHint = Math.max(...layers.map((facts) => facts.maxHint ?? -Infinity));
  return {
    decision: maxRetries === 0 ? 'stop' : bounds ? 'retry' : 'depends',
    delays: bounds ? Array.from({ length: Math.min(shownRetries, maxRetries) }, (_, index) => bounds(index + 1, index + 1)) : [],
    laterDelays: bounds && maxRetries > shownRetries ? bounds(shownRetries + 1, maxRetries) : null,
    maxRetries: finite(maxRetries),
    maxElapsed: finite(maxElapsed),
    maxRefusals: finite(maxRefusals),
    maxHint: finite(maxHint),
    policy: writePolicy(policy),
  };
}

const finite = (limit: number): number | null => (Number.isFinite(limit) ? limit : null);

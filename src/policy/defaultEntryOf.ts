import { defaultPolicies } from './defaultPolicies.js';
import { readCodeTable, type CodeEntry } from './readCodeTable.js';
import { stop } from './stop.js';

/**
 * What the defaults say about a close code: `stop` where they say nothing.
 *
 * @internal
 */
export function defaultEntryOf(code: number): CodeEntry {
  return byDefault(code) ?? nothing;
}

const byDefault = /* @__PURE__ */ readCodeTable(defaultPolicies);
const nothing: CodeEntry = { key: '', policy: stop };

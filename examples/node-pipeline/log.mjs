/**
 * Logs what happened as one line of JSON, which the process that started this one reads.
 * @param {Record<string, unknown>} entry
 */
export function log(entry) {
  console.log(JSON.stringify(entry));
}

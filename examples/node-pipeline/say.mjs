/**
 * Tells what happened, as one line of JSON: for whoever started this program.
 * @param {Record<string, unknown>} what
 */
export function say(what) {
  console.log(JSON.stringify(what));
}

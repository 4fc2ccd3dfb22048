const keywords = 'async|await|const|export|from|function|import|in|is|let|new|null|return|type|undefined';
const token = new RegExp(
  [String.raw`(?<comment>//.*|/\*[^]*?\*/)`, "(?<string>'[^'\n]*'|`[^`]*`)", String.raw`(?<number>\b\d[\d_]*\b)`, String.raw`(?<keyword>\b(?:${keywords})\b)`].join('|'),
  'g',
);

/**
 * Marks the tokens of our TypeScript for the code panel, when the page is built: it needs no script for it.
 * @param {string} source
 * @returns {string} HTML
 */
export function highlight(source) {
  let html = '';
  let at = 0;
  for (const { 0: text, index, groups } of source.matchAll(token)) {
    const [name] = Object.entries(groups ?? {}).find(([, found]) => found !== undefined) ?? [''];
    html += `${escape(source.slice(at, index))}<span class="${name}">${escape(text)}</span>`;
    at = index + text.length;
  }
  return html + escape(source.slice(at));
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** A block of TypeScript that a reader meets: in a document, or in a doc comment of the sources. */
export interface CodeBlock {
  /** The file and the line that its code begins on. */
  where: string;
  code: string;
}

/**
 * The fenced `ts` blocks of a Markdown text.
 *
 * Names that a block takes for granted are declared in a comment right above its fence, unseen by the reader: `<!-- given: declare const x: 1; -->`.
 */
export function codeBlocksOfMarkdown(file: string, text: string): CodeBlock[] {
  const fence = /(?:<!-- given:(?<given>(?:(?!-->)[^])*)-->\s*)?^(?<indent> *)```(?:ts|typescript)\b[^\n]*\n(?<code>[^]*?)^ *```/gm;
  return [...text.matchAll(fence)].map(({ index, 0: whole, groups }) => {
    const code = groups?.['code'] ?? '';
    const before = text.slice(0, index + whole.lastIndexOf(code));
    return { where: `${file}:${before.split('\n').length}`, code: `${code}\n${groups?.['given'] ?? ''}` };
  });
}

/** The fenced `ts` blocks of the doc comments in a source. */
export function codeBlocksOfSource(file: string, text: string): CodeBlock[] {
  const uncommented = text
    .split('\n')
    .map((line) => /^\s*\* ?(?<rest>.*)$/.exec(line)?.groups?.['rest'] ?? '')
    .join('\n');
  return codeBlocksOfMarkdown(file, uncommented);
}

/** A block of TypeScript in a document or in a doc comment. */
export interface CodeBlock {
  /** The file, and the line on which the code starts. */
  where: string;
  code: string;
}

/**
 * Returns the fenced `ts` blocks of a Markdown text.
 *
 * A comment right above a fence, which readers do not see, declares names that the block uses: `<!-- given: declare const x: 1; -->`.
 */
export function codeBlocksOfMarkdown(file: string, text: string): CodeBlock[] {
  const fence = /(?:<!-- given:(?<given>(?:(?!-->)[^])*)-->\s*)?^(?<indent> *)```(?:ts|typescript)\b[^\n]*\n(?<code>[^]*?)^ *```/gm;
  return [...text.matchAll(fence)].map(({ index, 0: whole, groups }) => {
    const code = groups?.['code'] ?? '';
    const before = text.slice(0, index + whole.lastIndexOf(code));
    return { where: `${file}:${before.split('\n').length}`, code: `${code}\n${groups?.['given'] ?? ''}` };
  });
}

/** Returns the fenced `ts` blocks of the doc comments in a source. */
export function codeBlocksOfSource(file: string, text: string): CodeBlock[] {
  return codeBlocksOfMarkdown(file, commentsOf(text));
}

/** Returns where each fence of a Markdown text opens, in lists and quotations too, and the language that it names: `''` for none. */
export function fencesOfMarkdown(file: string, text: string): { where: string; language: string }[] {
  const fences: { where: string; language: string }[] = [];
  let open: string | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const { fence = '', language = '' } = /^[\s>*+\d.-]*(?<fence>```+|~~~+)[ \t]*(?<language>[^\s`]*)/.exec(line)?.groups ?? {};
    if (fence === '') continue;
    if (open === undefined) {
      fences.push({ where: `${file}:${index + 1}`, language });
      open = fence;
    } else if (fence.startsWith(open) && language === '') open = undefined;
  }
  return fences;
}

/** Returns where each fence in the doc comments of a source opens, and the language that it names. */
export function fencesOfSource(file: string, text: string): { where: string; language: string }[] {
  return fencesOfMarkdown(file, commentsOf(text));
}

/** Returns the text of the comments in a source, line for line. */
function commentsOf(text: string): string {
  return text
    .split('\n')
    .map((line) => /^\s*\* ?(?<rest>.*)$/.exec(line)?.groups?.['rest'] ?? '')
    .join('\n');
}

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
  return codeBlocksOfMarkdown(file, commentsOf(text));
}

/** Where each fence of a Markdown text opens, in a list or a quotation too, and the language that it names: `''` for none. */
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

/** Where each fence in the doc comments of a source opens, and the language that it names. */
export function fencesOfSource(file: string, text: string): { where: string; language: string }[] {
  return fencesOfMarkdown(file, commentsOf(text));
}

/** A source with nothing but the text of its comments, line for line. */
function commentsOf(text: string): string {
  return text
    .split('\n')
    .map((line) => /^\s*\* ?(?<rest>.*)$/.exec(line)?.groups?.['rest'] ?? '')
    .join('\n');
}

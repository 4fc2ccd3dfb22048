import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { codeBlocksOfMarkdown, codeBlocksOfSource, fencesOfMarkdown, fencesOfSource } from './codeBlocks.js';
import type { CodeBlock } from './codeBlocks.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const filesUnder = (folder: string, extension: string): string[] =>
  (existsSync(root + folder) ? readdirSync(root + folder, { recursive: true, encoding: 'utf8' }) : [])
    .filter((name) => name.endsWith(extension))
    .map((name) => `${folder}${name}`)
    .sort();

const documents = [...filesUnder('docs/', '.md'), ...filesUnder('site/pages/', '.md'), ...readdirSync(root).filter((name) => name.endsWith('.md'))];
const read = (file: string): string => readFileSync(root + file, 'utf8');

/** Compiles each block as a module of its own, in the folder of the file that shows it. Returns the compiler's messages. */
function compile(blocks: readonly CodeBlock[]): string[] {
  const modules = new Map(blocks.map((block, index) => [join(root, dirname(block.where), `block-${index}.ts`), block]));
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    resolvePackageJsonExports: false, // rxjs 7.4 has no types among its exports
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: ['node'],
    paths: {
      'websocket-subject': [`${root}src/index.ts`],
      'websocket-subject/angular': [`${root}src/angular/index.ts`],
      'websocket-subject/angular/testing': [`${root}src/angularTesting/index.ts`],
      'websocket-subject/operators': [`${root}src/operators/index.ts`],
      'websocket-subject/testing': [`${root}src/testing/index.ts`],
      '#transport': [`${root}src/connection/node.ts`],
    },
    strict: true,
    experimentalDecorators: true, // Angular's
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  const textOf = (name: string): string | undefined => {
    const block = modules.get(name);
    return block && `${block.code}\nexport {};\n`;
  };
  host.fileExists = (name) => modules.has(name) || fileExists(name);
  host.readFile = (name) => textOf(name) ?? readFile(name);
  host.getSourceFile = (name, version, ...rest) => {
    const text = textOf(name);
    return text === undefined ? getSourceFile(name, version, ...rest) : ts.createSourceFile(name, text, version);
  };
  const program = ts.createProgram([...modules.keys(), `${root}test/package/testing-library.d.ts`], options, host);
  return [...modules].flatMap(([name, { where }]) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(({ messageText, start = 0 }) => {
      const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
      return `${where} (its line ${line + 1}): ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  });
}

describe('the code examples', () => {
  const inDocuments = documents.flatMap((file) => codeBlocksOfMarkdown(file, read(file)));
  const inComments = filesUnder('src/', '.ts').flatMap((file) => codeBlocksOfSource(file, read(file)));

  it('are found in the README and in doc comments', () => {
    const files = new Set([...inDocuments, ...inComments].map(({ where }) => where.replace(/:\d+$/, '')));
    expect([...files]).toContain('README.md');
    expect([...files].some((file) => file.startsWith('src/'))).toBe(true);
  });

  it('are TypeScript that this test compiles; other blocks are commands or plain text', () => {
    const fences = [
      ...documents.flatMap((file) => fencesOfMarkdown(file, read(file))),
      ...filesUnder('src/', '.ts').flatMap((file) => fencesOfSource(file, read(file))),
    ];
    expect(fences.filter(({ language }) => !['ts', 'sh', 'text', ''].includes(language))).toEqual([]);
    // The code of a block starts on the line after its fence.
    const compiled = new Set([...inDocuments, ...inComments].map(({ where }) => where));
    const begins = (where: string): string => where.replace(/\d+$/, (line) => String(Number(line) + 1));
    expect(fences.filter(({ where, language }) => language === 'ts' && !compiled.has(begins(where)))).toEqual([]);
  });

  it('are reported in another language, and in a quotation', () => {
    const text = 'text\n\n```js\nlet a;\n```\n\n> ```ts\n> let b;\n> ```\n\n- ~~~html\n  ```css\n  ~~~\n```\nplain\n```\n\n````tsx\n```\n````\n';
    expect(fencesOfMarkdown('a.md', text)).toEqual([
      { where: 'a.md:3', language: 'js' },
      { where: 'a.md:7', language: 'ts' },
      { where: 'a.md:11', language: 'html' },
      { where: 'a.md:14', language: '' },
      { where: 'a.md:18', language: 'tsx' },
    ]);
    expect(codeBlocksOfMarkdown('a.md', text)).toEqual([]);
    expect(fencesOfSource('a.ts', '/**\n * ```js\n * let a;\n * ```\n */\n')).toEqual([{ where: 'a.ts:2', language: 'js' }]);
  });

  it('compile, each as a module of its own', { timeout: 120_000 }, () => {
    expect(compile([...inDocuments, ...inComments])).toEqual([]);
  });

  it('are reported with their line when they do not compile', { timeout: 60_000 }, () => {
    const wrong = codeBlocksOfMarkdown('wrong.md', 'text\n\n```ts\nconst a: number = 1;\nconst b: string = a;\n```\n');
    expect(compile(wrong)).toEqual([expect.stringMatching(/^wrong\.md:4 \(its line 2\): Type 'number' is not assignable/)]);
  });

  it('of the guide for tests are tests that CI runs, word for word', () => {
    const named = /<!-- file: (?<file>\S+) -->\n(?:<!-- given:[^]*?-->\n)?```ts\n(?<code>[^]*?)```/g;
    const shown = [...read('docs/guides/testing.md').matchAll(named)].map(({ groups }) => [groups?.['file'], groups?.['code']]);
    expect(shown).toHaveLength(fencesOfMarkdown('', read('docs/guides/testing.md')).length);
    expect(shown).toEqual(shown.map(([file = '']) => [file, read(file)]));
  });

  it('may use names that a comment above the fence declares', { timeout: 60_000 }, () => {
    const given = '<!-- given:\ndeclare function render(text: string): void;\n-->\n```ts\nrender(1 > 0 ? "a" : "b");\n```\n';
    expect(compile(codeBlocksOfMarkdown('given.md', given))).toEqual([]);
  });
});

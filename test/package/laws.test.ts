import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const document = `${root}docs/semantics.md`;

interface Titled {
  file: string;
  title: string;
  laws: readonly string[];
}

/** The titles of a file's suites and tests that begin with a law, each after the titles of the suites around it, as they stand in the source. */
function titlesOf(file: string): Titled[] {
  const text = readFileSync(root + file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Titled[] = [];
  const visit = (node: ts.Node, around: readonly string[]): void => {
    let path = around;
    if (ts.isCallExpression(node) && /^(it|test|describe)\b/.test(node.expression.getText())) {
      const [title] = node.arguments;
      if (title !== undefined && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) {
        path = [...around, ts.isStringLiteralLike(title) ? title.text : title.getText().slice(1, -1)];
        const laws = lawsOf(path.at(-1) ?? '', text);
        if (laws.length > 0) found.push({ file, title: path.join(' › '), laws });
      }
    }
    ts.forEachChild(node, (child) => visit(child, path));
  };
  visit(source, []);
  return found;
}

/** `S4: …`, `S5, S9: …`, or a variable that takes the laws which the file names in quotes. */
function lawsOf(title: string, text: string): string[] {
  if (title.startsWith('${law}:')) return [...new Set([...text.matchAll(/'(S\d+)'/g)].map(([, law = '']) => law))];
  return /^S\d+(?:(?:, | and )S\d+)*(?=:)/.exec(title)?.[0].match(/S\d+/g) ?? [];
}

function listOf(law: string, tests: readonly Titled[]): string {
  const own = tests.filter(({ laws }) => laws.includes(law));
  const files = [...new Set(own.map(({ file }) => file))];
  const lines = files.flatMap((file) => [
    `- \`${file}\``,
    ...[...new Set(own.filter((test) => test.file === file).map(({ title }) => title))].map((title) => `  - ${title.replaceAll(/[\\*_<>`]/g, '\\$&')}`),
  ]);
  return [`<!-- tests of ${law} -->`, `<details><summary>Tests of ${law}</summary>`, '', ...lines, '', '</details>', `<!-- end of the tests of ${law} -->`].join('\n');
}

describe('docs/semantics.md', () => {
  const text = readFileSync(document, 'utf8');
  const laws = [...text.matchAll(/^### (S\d+): /gm)].map(([, law = '']) => law);
  const tests = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
    .map((name) => `test/${name.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && file !== 'test/package/laws.test.ts')
    .sort()
    .flatMap(titlesOf);

  it('has the laws S1 to S18, each with tests', () => {
    expect(laws).toEqual(Array.from({ length: 18 }, (_, index) => `S${index + 1}`));
    expect(laws.filter((law) => !tests.some((test) => test.laws.includes(law)))).toEqual([]);
  });

  it('knows every law that a test names', () => {
    expect(tests.filter((test) => test.laws.some((law) => !laws.includes(law)))).toEqual([]);
  });

  it('has the names of the tests as they stand in the sources; `npx vitest run --project=node test/package/laws.test.ts -u` writes them', async () => {
    const written = laws.reduce(
      (all, law) => all.replace(new RegExp(`<!-- tests of ${law} -->[^]*?<!-- end of the tests of ${law} -->`), () => listOf(law, tests)),
      text,
    );
    await expect(written).toMatchFileSnapshot(document);
  });
});

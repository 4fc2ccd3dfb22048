import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(root + file, 'utf8');
const filesUnder = (folder: string): string[] =>
  readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}${name.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts'))
    .sort();

interface Titled {
  file: string;
  title: string;
  laws: readonly string[];
}

/** Returns the titles of a file's suites and tests that begin with a law, as they stand in the source. */
function titlesOf(file: string): Titled[] {
  const text = read(file);
  const found: Titled[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(it|test|describe)\b/.test(node.expression.getText())) {
      const [given] = node.arguments;
      if (given !== undefined && (ts.isStringLiteralLike(given) || ts.isTemplateExpression(given))) {
        const title = ts.isStringLiteralLike(given) ? given.text : given.getText().slice(1, -1);
        const laws = lawsOf(title, text);
        if (laws.length > 0) found.push({ file, title, laws });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** `S4: …`, `S5, S9: …`, or a variable that takes the laws which the file names in quotes. */
function lawsOf(title: string, text: string): string[] {
  if (title.startsWith('${law}:')) return [...new Set([...text.matchAll(/'(S\d+)'/g)].map(([, law = '']) => law))];
  return /^S\d+(?:(?:, | and )S\d+)*(?=:)/.exec(title)?.[0].match(/S\d+/g) ?? [];
}

const laws = [...read('docs/semantics.md').matchAll(/^### (S\d+): /gm)].map(([, law = '']) => law);
const tests = filesUnder('test/').filter((file) => file !== 'test/package/laws.test.ts').flatMap(titlesOf);

describe('the laws of docs/semantics.md', () => {
  it('are S1 to S19, in this order', () => {
    expect(laws).toEqual(Array.from({ length: 19 }, (_, index) => `S${index + 1}`));
  });

  it.each(laws)('%s has tests that name it, some of them in the conformance suite', (law) => {
    const files = tests.filter((test) => test.laws.includes(law)).map(({ file }) => file);
    expect(files).not.toEqual([]);
    expect(files.filter((file) => file.startsWith('test/conformance/suite/'))).not.toEqual([]);
  });

  it('include every law that a test names', () => {
    expect(tests.filter((test) => test.laws.some((law) => !laws.includes(law)))).toEqual([]);
  });
});

describe('the conformance suite', () => {
  const suites = filesUnder('test/conformance/suite/');
  const conformance = read('test/conformance/suite/conformance.ts');

  it('runs each of its files that has cases, and every case of it', () => {
    const withCases = suites.filter((file) => titlesOf(file).length > 0);
    const functions = withCases.flatMap((file) => [...read(file).matchAll(/^export function (\w+)\(lab: Lab\)/gm)].map(([, name = '']) => ({ file, name })));
    expect(withCases.filter((file) => !functions.some((suite) => suite.file === file))).toEqual([]);
    expect(functions.filter(({ name }) => !new RegExp(`^ {4}${name}\\(lab\\);$`, 'm').test(conformance))).toEqual([]);
    expect(suites.filter((file) => /\b(?:it|test|describe)\.(?:skip|only|todo|fails|skipIf|runIf)\b|\bskip\(/.test(read(file)))).toEqual([]);
  });

  it('runs over the transport of every column of docs/transports.md', () => {
    // What really ran is compared with the columns by scripts/conformance-table.mjs.
    const [, here = ''] = /^export const here = \{\n([^}]*)\}/m.exec(read('scripts/conformance/table.mjs')) ?? [];
    const columns = [...here.matchAll(/^ {2}'(\w+)-\w+': /gm)].map(([, transport = '']) => transport);
    const transports = filesUnder('test/conformance/').flatMap((file) => [...read(file).matchAll(/^conformance\(\{ name: '(\w+)'/gm)].map(([, name = '']) => name));
    expect(transports.sort()).toEqual([...new Set(columns)].sort());
    expect(columns.length).toBeGreaterThanOrEqual(7);
  });
});

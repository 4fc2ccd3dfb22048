import { readFileSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(root + file, 'utf8');
const files = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/')).filter((name) => name.endsWith('.ts'));
const page = read('docs/architecture.md');
const table = page.split('## To change X, open Y')[1] ?? '';
const named = [...table.matchAll(/`([\w/]+\.ts)`/g)].map(([, file = '']) => file);
/** The files that a file imports, types included. */
const importsOf = (file: string): string[] => [...read(`src/${file}`).matchAll(/from '(\.[^']+)\.js'/g)].map(([, path = '']) => posix.join(posix.dirname(file), `${path}.ts`));

describe('docs/architecture.md', () => {
  it('names files that are there', () => {
    expect(named.filter((file) => !files.includes(file))).toEqual([]);
  });

  it('leads to every file of src: it is in the table, or imported by one that is', () => {
    const reached = new Set(named.flatMap((file) => [file, ...importsOf(file)]));
    expect(files.filter((file) => !reached.has(file))).toEqual([]);
  });

  it('draws classes and functions that are there', () => {
    const drawing = /```text\n([^]*?)```/.exec(page)?.[1] ?? '';
    const methods = [...drawing.matchAll(/\b([A-Z]\w+)\.(#?\w+)/g)].map(([, name = '', method = '']) => ({ name, method }));
    expect(methods.length).toBeGreaterThan(5);
    const missing = methods.filter(({ name, method }) => !new RegExp(`^  ${method}\\(`, 'm').test(read(`src/${files.find((file) => file.endsWith(`/${name}.ts`)) ?? 'index.ts'}`)));
    expect(missing).toEqual([]);
    const nouns = [...drawing.matchAll(/\b(?:[A-Z][a-z]+){2,}\b|\b(?:Multicast|Outbox|Waits|Retry|Pausing|Connection|reconnectOnCode|readClose|forward)\b/g)].map(([noun]) => noun);
    const sources = files.map((file) => read(`src/${file}`)).join('\n');
    expect(nouns.filter((noun) => !['WebSocket', 'CloseEvent'].includes(noun) && !new RegExp(`(?:class|function|const) ${noun}\\b`).test(sources))).toEqual([]);
  });
});

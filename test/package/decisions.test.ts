import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeCloseCode, explainPolicy } from '../../src/index.js';
import { recipesOf, recipesPage } from '../policy/recipes.js';
import { withTable } from './withTable.js';

const policiesPage = new URL('../../docs/guides/policies.md', import.meta.url);
const codesPage = new URL('../../docs/close-codes.md', import.meta.url);

describe('the tables of decisions are the output of explainPolicy(); `npx vitest run --project=node test/package/decisions.test.ts -u` writes them', () => {
  it('in the guide about policies: what is retried by default', async () => {
    const page = readFileSync(policiesPage, 'utf8');
    const table = explainPolicy().toMarkdown(({ decision }) => decision === 'retry');
    await expect(withTable(page, 'default decisions', table)).toMatchFileSnapshot(fileURLToPath(policiesPage));
  });

  it('in the recipes: all defaults, and the decisions of each table', async () => {
    const page = readFileSync(recipesPage, 'utf8');
    const defaults = withTable(page, 'default decisions', explainPolicy().toMarkdown());
    const written = recipesOf(page).reduce(
      (text, { title, given }) => withTable(text, `decisions of ${title}`, explainPolicy(given).toMarkdown(({ decidedBy }) => decidedBy === 'table')),
      defaults,
    );
    await expect(written).toMatchFileSnapshot(fileURLToPath(recipesPage));
  });

  it('every code that the guide does not list stops', () => {
    expect(explainPolicy().entries.filter(({ decision }) => decision === 'depends')).toEqual([]);
  });

  it('on the page about codes: the names and decisions are those of the library, and every registered code is there but 1004', () => {
    const rows = [...readFileSync(codesPage, 'utf8').matchAll(/^\| (\d{4}) \| ([^|]+) \|.*\| (\w+) \|$/gm)].map(([, code, name, decision]) => [Number(code), name, decision]);
    const entries = explainPolicy().entries;
    const registered = Array.from({ length: 5_000 }, (_, code) => code)
      .filter((code) => code !== 1004 && code >= 1000 && !/^(unassigned|library|private)/.test(describeCloseCode(code)));
    expect(rows).toEqual(registered.map((code) => [code, describeCloseCode(code), entries.find(({ from, to }) => from <= code && code <= to)?.decision]));
  });
});

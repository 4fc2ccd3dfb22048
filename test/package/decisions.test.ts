import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { explainPolicy } from '../../src/index.js';
import { recipesOf, recipesPage } from '../policy/recipes.js';

const readme = new URL('../../README.md', import.meta.url);

/** Returns the page with this table between the two comments that name it. */
function withTable(page: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- end of the ${name} -->`];
  const parts = page.split(begin);
  const [, after] = parts[1]?.split(end) ?? [];
  if (parts.length !== 2 || after === undefined) throw new Error(`the page has no comments for the ${name}`);
  return `${parts[0] ?? ''}${begin}\n${table}\n\n${end}${after}`;
}

describe('the tables of decisions are the output of explainPolicy(); `npx vitest run --project=node test/package/decisions.test.ts -u` writes them', () => {
  it('in the README: what is retried by default', async () => {
    const page = readFileSync(readme, 'utf8');
    const table = explainPolicy().toMarkdown(({ decision }) => decision === 'retry');
    await expect(withTable(page, 'default decisions', table)).toMatchFileSnapshot(fileURLToPath(readme));
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

  it('every code that the README does not list stops', () => {
    expect(explainPolicy().entries.filter(({ decision }) => decision === 'depends')).toEqual([]);
  });
});

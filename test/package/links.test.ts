import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { anchorsOf, linksOf, withTargets } from '../../scripts/links.mjs';
import { sidebar } from '../../site/sidebar.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(root + file, 'utf8');
/** What git ignores, or what is git's. */
const ignored = new Set(['.git', 'node_modules', 'dist', 'temp', 'coverage', '.angular', '.pages', 'cache', '.vitest-attachments']);
const filesUnder = (folder: string): string[] =>
  readdirSync(root + folder, { withFileTypes: true })
    .filter(({ name }) => !ignored.has(name))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(`${folder}${entry.name}/`) : [folder + entry.name]));
const files = filesUnder('');
const pages = files.filter((file) => file.endsWith('.md'));

/** Returns why a link of the page leads nowhere, or undefined. */
function problemOf(page: string, target: string): string | undefined {
  if (/^(?:https?|mailto):/.test(target)) return target.startsWith('http:') ? 'is not https' : undefined;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), decodeURI(path))).replace(/\/$/, '');
  const isThere = existsSync(root + file) && (statSync(root + file).isDirectory() ? files.some((one) => one.startsWith(`${file}/`)) : files.includes(file));
  if (!isThere) return 'is not in the repository';
  if (anchor !== undefined && !(file.endsWith('.md') && anchorsOf(read(file)).includes(anchor))) return 'has no such heading';
  return undefined;
}

describe('every page', () => {
  it('has links, anchors and pictures that are there', () => {
    const broken = pages.flatMap((page) =>
      linksOf(read(page)).flatMap(({ target, line }) => {
        const problem = problemOf(page, target);
        return problem === undefined ? [] : [`${page}:${line}: ${target} ${problem}`];
      }),
    );
    expect(broken).toEqual([]);
    expect(pages.length).toBeGreaterThan(30);
  });

  it('of docs is linked from the README, or from a page that is', () => {
    const reached = new Set(['README.md']);
    for (const page of reached) {
      for (const { target } of linksOf(read(page))) {
        const file = normalize(join(dirname(page), target.split('#')[0] ?? ''));
        if (!target.startsWith('#') && pages.includes(file)) reached.add(file);
      }
    }
    expect(pages.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
  });

  it('of docs is in the sidebar of the site, once', () => {
    const shown = sidebar.flatMap(({ items }) => items.map(({ link }) => link.slice(1)));
    expect(shown.filter((link, index) => shown.indexOf(link) !== index)).toEqual([]);
    const ofDocs = pages.filter((page) => page.startsWith('docs/')).map((page) => page.slice('docs/'.length, -'.md'.length));
    expect(ofDocs.filter((page) => !shown.includes(page))).toEqual([]);
  });

  it('shows no token in a URL', () => {
    const found = pages.filter((page) => /[?&](?:access_)?(?:token|jwt|auth|api_?key|password)=/i.test(read(page)));
    expect(found).toEqual([]);
  });
});

describe('a link', () => {
  const page = 'See [`a`](a.md), [two\nlines](b.md#c) and ![a picture](d.png).\n\n```text\n[no](no.md)\n```\n\n`[no](no.md)` <!-- [no](no.md) --> [e](https://e.example) [f](#f)\n';

  it('is found outside of code and comments, with its line', () => {
    expect(linksOf(page).map(({ target, line, isImage }) => [target, line, isImage])).toEqual([
      ['a.md', 1, false], ['b.md#c', 2, false], ['d.png', 2, true], ['https://e.example', 8, false], ['#f', 8, false],
    ]);
  });

  it('gets another target where it is relative', () => {
    const moved = withTargets(page, (target, isImage) => `${isImage ? 'raw' : 'blob'}/${target}`);
    expect(linksOf(moved).map(({ target }) => target)).toEqual(['blob/a.md', 'blob/b.md#c', 'raw/d.png', 'https://e.example', '#f']);
    expect(moved).toContain('[no](no.md)');
  });

  it('that is wrong is reported', () => {
    expect(problemOf('README.md', 'docs/none.md')).toBe('is not in the repository');
    expect(problemOf('README.md', 'docs/semantics.md#s99')).toBe('has no such heading');
    expect(problemOf('docs/semantics.md', '#s7-one-at-a-time')).toBeUndefined();
    expect(problemOf('docs/semantics.md', '../examples/dashboard')).toBeUndefined();
  });

  it('to a heading has the anchor that GitHub makes', () => {
    expect(anchorsOf("# Node's `pipeline`\n\n## S3: the close, a hint\n\n## Again\n\n## Again\n")).toEqual(['nodes-pipeline', 's3-the-close-a-hint', 'again', 'again-1']);
  });
});

describe('package.json', () => {
  const manifest = JSON.parse(read('package.json')) as { repository: { url: string }; homepage: string; bugs: { url: string } };

  it('names one repository, and is the only file with its placeholder', () => {
    const base = manifest.repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
    expect([manifest.homepage, manifest.bugs.url]).toEqual([`${base}#readme`, `${base}/issues`]);
    expect(pages.filter((page) => read(page).includes('github.com/OWNER'))).toEqual([]);
  });
});

import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { withTargets } from '../scripts/links.mjs';
import { placeholder, repositoryOf } from '../scripts/npm-readme.mjs';

/** Pages outside of `docs`, and where the site has them. */
const elsewhere = {
  'README.md': 'index.md',
  'CONTRIBUTING.md': 'contributing.md',
  'CHANGELOG.md': 'changelog.md',
  'SECURITY.md': 'security-policy.md',
  'examples/node-pipeline/README.md': 'examples/node-pipeline.md',
};
const assets = /\.(?:png|svg)$/;

/**
 * Copies the pages of the repository and of the site into one folder, with links that lead there. What the site does not have, such as a file of `src`, becomes
 * a link into the repository, or only its name while package.json has a placeholder for it.
 */
export function stagePages(root, into) {
  rmSync(into, { recursive: true, force: true });
  const filesUnder = (folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  const places = new Map(Object.entries(elsewhere));
  for (const folder of ['docs', 'site/pages']) {
    for (const name of filesUnder(folder)) if (name.endsWith('.md') || assets.test(name)) places.set(`${folder}/${name}`, name);
  }
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const base = repositoryOf(manifest);
  const hasRepository = !base.includes(placeholder);

  for (const [file, place] of places) {
    const to = join(into, place);
    mkdirSync(dirname(to), { recursive: true });
    if (!file.endsWith('.md')) {
      copyFileSync(join(root, file), to);
      continue;
    }
    const absent = '\0';
    const page = withTargets(readFileSync(join(root, file), 'utf8'), (target) => {
      const [path, anchor] = target.split('#');
      const meant = posix.normalize(posix.join(posix.dirname(file), path)).replace(/\/$/, '');
      const there = places.get(meant);
      if (there !== undefined) {
        const relative = posix.relative(posix.dirname(place), there);
        return `${relative.startsWith('.') ? '' : './'}${relative}${anchor === undefined ? '' : `#${anchor}`}`;
      }
      if (!existsSync(join(root, meant))) throw new Error(`${file}: ${target} is not in the repository`);
      return hasRepository ? `${base}/blob/v${manifest.version}/${meant}` : absent;
    });
    writeFileSync(to, page.replace(/\[((?:[^\][]|\[[^\]]*\])*)\]\(\0\)/g, '$1'));
  }
}

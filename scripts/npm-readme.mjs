/**
 * npm shows the README outside of the repository, where relative links and pictures lead nowhere. For the package they are made absolute: `repository` of
 * package.json, at the tag of the version. The README of the repository stays as it is.
 *
 *   node scripts/npm-readme.mjs prepack   writes the README of the package, and keeps the other one in temp/
 *   node scripts/npm-readme.mjs postpack  puts it back
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withTargets } from './links.mjs';
import { root } from './packPackage.mjs';

/** The address of the repository, and what stands in it until a release. */
export const placeholder = 'OWNER';
export const repositoryOf = ({ repository }) => repository.url.replace(/^git\+/, '').replace(/\.git$/, '');

/** The README as npm shows it. */
export function readmeForNpm(text, manifest) {
  const base = repositoryOf(manifest);
  return withTargets(text, (target, isImage) => `${base}/${isImage ? 'raw' : 'blob'}/v${manifest.version}/${target}`);
}

if (process.argv[1]?.endsWith('npm-readme.mjs')) {
  const readme = join(root, 'README.md');
  const kept = join(root, 'temp/README.md');
  const [step] = process.argv.slice(2);
  if (step === 'prepack') {
    if (existsSync(kept)) renameSync(kept, readme); // a run that was killed
    mkdirSync(dirname(kept), { recursive: true });
    copyFileSync(readme, kept);
    writeFileSync(readme, readmeForNpm(readFileSync(readme, 'utf8'), JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))));
  } else if (step === 'postpack') {
    if (existsSync(kept)) renameSync(kept, readme);
  } else throw new Error('say prepack or postpack');
}

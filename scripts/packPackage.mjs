import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

const npmOptions = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];

/** Packs what `npm run build` left in dist, as it would be published; resolves to the path of the tarball. */
export async function packPackage(into) {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('dist is missing: run `npm run build` first');
  const [packed] = JSON.parse(await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', into], { cwd: root }));
  return join(into, packed.filename);
}

/** Makes a folder with its own package.json and installs the named packages into it. */
export async function installInto(folder, packages, manifest = {}) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', version: '0.0.0', private: true, ...manifest }));
  await run('npm', ['install', '--save-exact', ...npmOptions, ...packages], { cwd: folder });
}

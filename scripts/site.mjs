/** Builds the site: installs its packages where they are missing, then builds `site/.vitepress/dist` from `docs`. `--dev` serves it while you write. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './packPackage.mjs';

const site = join(root, 'site');
const npm = (...args) => {
  const { status } = spawnSync('npm', args, { cwd: site, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};

const started = Date.now();
if (!existsSync(join(site, 'node_modules/vitepress'))) npm('ci', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error');
npm('run', process.argv.includes('--dev') ? 'dev' : 'build');
console.log(`site: ${Math.round((Date.now() - started) / 1_000)} s, in site/.vitepress/dist`);

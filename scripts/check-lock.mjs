// The lock must be one that `npm ci` takes on every platform, and no committed file may name a registry.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './packPackage.mjs';

const problems = [];
const runners = readdirSync(join(root, 'test/runners'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
const locks = ['package-lock.json', 'site/package-lock.json', 'mutation/package-lock.json', 'examples/angular/package-lock.json', ...runners.map(({ name }) => `test/runners/${name}/package-lock.json`)];

/** Where Node would look for a dependency of the package at `place`: in its own node_modules, then in each one above. */
const isLocked = (packages, place, dependency) => {
  for (let at = place; ; at = at.slice(0, Math.max(at.lastIndexOf('/node_modules/'), 0))) {
    if (`${at === '' ? '' : `${at}/`}node_modules/${dependency}` in packages) return true;
    if (at === '') return false;
  }
};

let locked = 0;
for (const lock of locks) {
  const { packages } = JSON.parse(readFileSync(join(root, lock), 'utf8'));
  locked += Object.keys(packages).length;
  for (const [place, { version, resolved, optionalDependencies = {} }] of Object.entries(packages)) {
    if (resolved !== undefined && !resolved.startsWith('file:')) problems.push(`${lock}: ${place}: has a "resolved" address`);
    // npm leaves out the platform packages of some releases without a word, and `npm ci` then refuses the lock elsewhere.
    const missing = Object.keys(optionalDependencies).filter((dependency) => !isLocked(packages, place, dependency));
    if (missing.length > 0) problems.push(`${lock}: ${place}@${version}: there is no ${missing.join(', ')}`);
  }
}

// In two halves, so that this file does not find itself.
const hosts = new RegExp(['regi' + 'stry\\.npm', 'regi' + 'stry\\.yarn', 'npm' + 'mirror', 'arti' + 'factory', 'ver' + 'daccio'].join('|'), 'i');
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).split('\0');
for (const file of files.filter(Boolean)) {
  let text;
  try {
    text = readFileSync(join(root, file), 'latin1');
  } catch {
    continue; // deleted, or a link to a folder
  }
  const found = hosts.exec(text);
  if (found) problems.push(`${file}: names the registry host ${found[0]}`);
}
const npmrc = readFileSync(join(root, '.npmrc'), 'utf8');
if (/^\s*(?:@[^:]+:)?registry\s*=/m.test(npmrc)) problems.push('.npmrc: sets a registry');

for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? `${locked} locked packages: every optional one is there, none has an address.` : `${problems.length} problems.`);
process.exitCode = problems.length === 0 ? 0 : 1;

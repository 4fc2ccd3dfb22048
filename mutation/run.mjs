/**
 * Changes the sources in thousands of small ways, each a mutant, and counts those that no test notices.
 *
 *   node mutation/run.mjs                  every folder, in an hour and a half
 *   node mutation/run.mjs close policy     these folders of src
 *   node mutation/run.mjs --coverage       no mutants: the branches that the tests in Node reach
 *
 * The survivors of a run are in its output and in temp/mutation/<folder>.json.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/packPackage.mjs';

const every = ['close', 'policy', 'operators', 'session', 'connection', 'subject'];
/** Per cent of the mutants. */
const lowest = 90;
const stryker = 'mutation/node_modules/@stryker-mutator/core/bin/stryker.js';
const reports = join(root, 'temp/mutation');

function run(command, args, { cwd = root, env = {} } = {}) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) process.exit(status ?? 1);
}

/** Runs Stryker on places in the sources, and returns its report. */
function mutate(places, env) {
  run('node', [stryker, 'run', 'mutation/stryker.config.mjs', '--mutate', places.join(',')], { env });
  return JSON.parse(readFileSync(join(reports, 'report.json'), 'utf8'));
}

const placeOf = (file, { start, end }) => `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;

const mutantsOf = ({ files }) => Object.entries(files).flatMap(([file, { mutants }]) => mutants.map((mutant) => ({ file, ...mutant })));

/**
 * Returns the mutants of a folder. What runs when a module is loaded, such as a table, is mutated in a second run: its mutants need all modules anew, and all
 * tests, so that run has only the tests of the folder.
 */
function mutantsOfFolder(folder) {
  const mutants = mutantsOf(mutate([`src/${folder}/**/*.ts`]));
  const isForLater = ({ status }) => status === 'Ignored' || status === 'NoCoverage';
  const onLoad = mutants.filter(isForLater).map(({ file, location }) => placeOf(file, location));
  if (onLoad.length === 0) return mutants;
  const keyOf = ({ file, location, mutatorName, replacement }) => `${placeOf(file, location)} ${mutatorName} ${replacement}`;
  const second = new Map(mutantsOf(mutate([...new Set(onLoad)], { MUTATION_ON_LOAD: folder })).map((mutant) => [keyOf(mutant), mutant]));
  return mutants.map((mutant) => (isForLater(mutant) ? second.get(keyOf(mutant)) ?? mutant : mutant));
}

const countOf = (mutants, ...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;

function rowOf(name, mutants) {
  const killed = countOf(mutants, 'Killed');
  const timedOut = countOf(mutants, 'Timeout', 'RuntimeError');
  const survived = countOf(mutants, 'Survived');
  const uncovered = countOf(mutants, 'NoCoverage');
  const all = killed + timedOut + survived + uncovered;
  return { name, all, killed, 'timed out': timedOut, survived, 'not reached': uncovered, score: `${((100 * (killed + timedOut)) / all).toFixed(1)} %` };
}

const started = Date.now();
if (!existsSync(join(root, 'mutation/node_modules/@stryker-mutator/core'))) {
  run('npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], { cwd: join(root, 'mutation') });
}
if (process.argv.includes('--coverage')) {
  run('npx', ['vitest', 'run', '--config', 'mutation/coverage.config.ts', '--project=node*']);
} else {
  const named = process.argv.slice(2);
  const folders = named.length > 0 ? named : every;
  const mutants = [];
  const rows = [];
  mkdirSync(reports, { recursive: true });
  for (const folder of folders) {
    const found = mutantsOfFolder(folder);
    writeFileSync(join(reports, `${folder}.json`), JSON.stringify(found.filter(({ status }) => status !== 'Killed'), null, 1));
    rows.push(rowOf(folder, found));
    mutants.push(...found);
  }
  const total = rowOf('together', mutants);
  console.table([...rows, total]);
  console.log(`${Math.round((Date.now() - started) / 60_000)} minutes`);
  process.exitCode = parseFloat(total.score) >= lowest ? 0 : 1;
}

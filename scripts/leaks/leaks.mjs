// Measures by how much the heap grows with each cycle of a connection, for this library and for the transport alone, and whether a process exits by itself after
// every end of a session.
//
//   node scripts/leaks/leaks.mjs [--cycles <of each kind>] [--transport <name>]... [--only heap|exits]
import { execFile, fork } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { closedUrl, PathServer } from './PathServer.mjs';
import { transports } from './transports.mjs';

const { values: options } = parseArgs({
  options: {
    cycles: { type: 'string', default: '2000' },
    transport: { type: 'string', multiple: true, default: Object.keys(transports) },
    only: { type: 'string' },
  },
});
for (const name of options.transport) if (!(name in transports)) throw new Error(`--transport must be one of ${Object.keys(transports).join(', ')} on this Node, not ${name}`);
if (!(Number(options.cycles) >= 500)) throw new Error(`--cycles must be a number from 500, not ${options.cycles}`);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
if (!existsSync(here('../../dist/index.js'))) throw new Error('dist is missing: run `npm run build` first');
// They import it.
const { kinds } = await import('./cycles.mjs');
const { ends } = await import('./ends.mjs');

/** Bytes a cycle. */
const mostGrowth = 50;
/** Milliseconds. */
const longestExit = 30_000;
/** How many processes end a session at the same time. */
const atOnce = 4;
/** Without these, the heap grows for thousands of cycles with the code that V8 makes, and with what it learns of the code. */
const withoutJit = [
  '--no-opt', '--no-sparkplug', '--no-maglev',
  Number.parseInt(process.versions.node, 10) < 22 ? '--interrupt-budget-for-feedback-allocation=1000000000' : '--invocation-count-for-feedback-allocation=100000',
];

const problems = [];
const server = new PathServer();
const url = await server.start();
const closed = await closedUrl();

/** Measures the kinds on one transport, in a process of its own. */
function measure(transport, names, count = Number(options.cycles)) {
  const child = fork(here('heap.mjs'), [transport, url, closed, count, ...names], { execArgv: ['--expose-gc', ...withoutJit] });
  const results = {};
  child.on('message', ({ name, ...result }) => (results[name] = result));
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => (code === 0 ? resolve(results) : reject(new Error(`the cycles on ${transport} exited with ${code}`))));
  });
}

/** In one file a program starts in half the time. */
async function bundle(program) {
  const require = createRequire(import.meta.url);
  const { build } = createRequire(require.resolve('tsup/package.json'))('esbuild');
  const outfile = here(`../../temp/leaks-${process.pid}/${program}`);
  const js = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({ entryPoints: [here(program)], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', banner: { js }, logLevel: 'error' });
  return outfile;
}

/** Returns how long a process took to exit, or what it did instead. */
function exit(program, transport, name) {
  const { only, said } = ends[name];
  if (only && !only.includes(transport)) return '—';
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const args = [program, transport, name, url, closed];
    execFile(process.execPath, args, { timeout: longestExit, killSignal: 'SIGKILL' }, (error, output, errors) => {
      const problem = error?.killed ? 'did not exit' : error ? `exited with ${error.code}: ${errors}` : output !== said && `said '${output}', not '${said}'`;
      if (problem) problems.push(`${name}, on ${transport}: ${problem}`);
      resolve(problem || `${Math.round(performance.now() - startedAt)} ms`);
    });
  });
}

// A slope of the transport below 0 is noise.
const growthOf = ({ bare, ours }) => ours - Math.max(0, bare);

async function checkHeap() {
  const table = [];
  const found = 'closes that are kept';
  for (const transport of options.transport) {
    const results = await measure(transport, [...Object.keys(kinds), ...(transport === options.transport[0] ? [found] : [])]);
    // Three times as many cycles bring noise below the bound, and no leak.
    const doubtful = Object.keys(kinds).filter((name) => growthOf(results[name]) > mostGrowth);
    if (doubtful.length > 0) Object.assign(results, await measure(transport, doubtful, 3 * Number(options.cycles)));
    for (const [name, result] of Object.entries(results)) {
      const { bare, cycles, ours, seconds } = result;
      const growth = growthOf(result);
      table.push({ transport, cycle: name, cycles, 'bare, B': bare.toFixed(1), 'ours, B': ours.toFixed(1), 'more than bare, B': growth.toFixed(1), seconds: seconds.toFixed(1) });
      if (name !== found && growth > mostGrowth) problems.push(`${name}, on ${transport}: ${growth.toFixed(0)} B a cycle`);
      if (name === found && growth <= mostGrowth) problems.push(`${name}, on ${transport}: the leak was not found`);
    }
  }
  console.log(`By how much the heap grows with each cycle; at most ${mostGrowth} B more than with the transport alone:`);
  console.table(table);
}

async function checkExits() {
  const program = await bundle('exit.mjs');
  const table = Object.fromEntries(Object.keys(ends).map((name) => [name, {}]));
  const left = Object.keys(ends).flatMap((name) => options.transport.map((transport) => [name, transport]));
  const run = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [name, transport] = next;
      table[name][transport] = await exit(program, transport, name);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, run));
  rmSync(dirname(program), { recursive: true });
  console.log('How long a process takes that ends a session in this way; a dash where that does not hold (`only` in scripts/leaks/ends.mjs):');
  console.table(table);
}

if (options.only !== 'exits') await checkHeap();
if (options.only !== 'heap') await checkExits();
server.stop();
for (const problem of problems) console.error(`FAIL  ${problem}`);
console.log(problems.length === 0 ? 'Nothing leaks, and every process exits by itself.' : `${problems.length} failed.`);
process.exitCode = problems.length === 0 ? 0 : 1;

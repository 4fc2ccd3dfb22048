// Lets a hostile server attack clients of each transport of Node, each in a process of its own, and compares what that costs with the bounds of each attack.
// At the end some limits are lifted: then the bounds must be exceeded, or the run proves nothing.
//
//   node scripts/hostile/hostile.mjs [--transport <ws|undici|own>]... [--attack <part of a name>]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { attacks } from './attacks.mjs';
import { HostileServer } from './HostileServer.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const known = ['ws', 'undici', ...(globalThis.WebSocket ? ['own'] : [])];
const { values: options } = parseArgs({ options: { transport: { type: 'string', multiple: true, default: known }, attack: { type: 'string', default: '' } } });
for (const transport of options.transport) if (!known.includes(transport)) throw new Error(`--transport must be one of ${known.join(', ')}, not ${transport}`);
if (!existsSync(here('../../dist/index.js'))) throw new Error('dist is missing: run `npm run build` first');

/** How much longer everything takes because other programs run, too: bounds of time are stretched by it. */
const stretch = () => Math.min(4, Math.max(1, loadavg()[0] / availableParallelism()));

/** Runs one client against the server of an attack, and returns what it has cost. `limit` is in ms; a client that is not over then says so. */
async function measure(name, transport, limit, ...lifted) {
  const server = new HostileServer(attacks[name].server);
  const child = fork(here('client.mjs'), [name, transport, await server.start(), limit, ...lifted], { silent: true });
  let output = '';
  child.stdout.resume();
  child.stderr.on('data', (text) => (output += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), 2 * limit + 10_000); // where its event loop stands still
  const exited = once(child, 'exit').then(([code, signal]) => ({ uncaught: [`the process ended with ${signal ?? code}`] }));
  const report = await Promise.race([once(child, 'message').then(([message]) => message), exited]);
  const { left, connections } = server;
  await exited;
  clearTimeout(timer);
  server.stop();
  return { ...report, left, connections, lines: output.split('\n').length - 1 };
}

/** Returns the bounds of an attack on a machine that is so much slower. */
function boundsOf(name, factor) {
  const { memory, time = 5_000, delay = 3_000, left, connections, lines } = attacks[name];
  return { memory, time: Math.round(time * factor), delay: Math.round(delay * factor), left, connections, lines };
}

/** Returns what exceeds the bounds of an attack. */
function excess(name, measured, bounds) {
  const { outcome } = attacks[name];
  const problems = Object.keys(bounds)
    .filter((key) => measured[key] > bounds[key])
    .map((key) => `${key}: ${Math.round(measured[key])}, at most ${bounds[key]}`);
  if (outcome && !outcome.test(measured.outcome)) problems.push(`ended with: ${measured.outcome}`);
  return [...new Set(measured.uncaught), ...problems];
}

const [idle, ...names] = Object.keys(attacks);
const chosen = names.filter((name) => name.includes(options.attack));
const rows = [];
const problems = [];

async function run(name, transport, base, ...lifted) {
  const bounds = boundsOf(name, stretch());
  const hasNoLimit = attacks[name].noLimit?.includes(transport);
  const limit = lifted.length > 0 ? 6_000 : hasNoLimit ? 2_500 : bounds.time + 500;
  const measured = await measure(name, transport, limit, ...lifted);
  measured.memory = measured.peak - base;
  const found = excess(name, measured, bounds);
  const bounded = (key) => (measured[key] === undefined ? '-' : `${Math.max(0, Math.round(measured[key]))}${hasNoLimit || lifted.length > 0 ? '' : ` of ${bounds[key]}`}`);
  rows.push({
    attack: lifted.length > 0 ? `${name}, its limit lifted` : name, transport, MB: bounded('memory'), ms: bounded('time'), 'blocked ms': bounded('delay'), connections: measured.connections,
    end: measured.outcome, held: hasNoLimit ? 'no limit' : found.length === 0 ? 'yes' : found.join('; ').split('\n', 1)[0].slice(0, 60),
  });
  if (lifted.length > 0 && found.length === 0) problems.push(`${name}: its limit was lifted, and no bound was exceeded`);
  if (lifted.length === 0 && !hasNoLimit) problems.push(...found.map((problem) => `${name}, ${transport}: ${problem}`));
}

/** All attacks on one transport, one after another. */
async function runAll(transport) {
  const { peak } = await measure(idle, transport, 20_000);
  for (const name of chosen) await run(name, transport, peak);
  // The options that lift limits are those of `ws`.
  if (transport === 'ws') for (const name of chosen) if (attacks[name].lifted) await run(name, transport, peak, 'lifted');
}

await Promise.all(options.transport.map(runAll));
console.log(`Node ${process.version}, bounds of time times ${stretch().toFixed(1)} at the end`);
console.table(rows.sort((a, b) => known.indexOf(a.transport) - known.indexOf(b.transport)));
for (const problem of problems) console.error(`FAIL  ${problem}`);
console.log(problems.length === 0 ? 'Every bound was held, and exceeded where its limit was lifted.' : `${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;

// Runs hundreds of clients against a server that fails in every way it can, for this library and for others, and prints what became of each value.
//
//   node scripts/soak/soak.mjs [--seconds 120] [--clients 200] [--seed <n>] [--library <name>]...
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { slope } from '../slope.mjs';
import { FaultyServer } from './FaultyServer.mjs';

const names = ['websocket-subject', 'rxjs/webSocket', 'partysocket', 'reconnecting-websocket'];
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    clients: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    library: { type: 'string', multiple: true, default: names },
  },
});
const [seconds, clients, seed] = ['seconds', 'clients', 'seed'].map((name) => {
  const value = Number(options[name]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1, not ${options[name]}`);
  return value;
});
for (const name of options.library) if (!names.includes(name)) throw new Error(`--library must be one of ${names.join(', ')}, not ${name}`);
if (!existsSync(fileURLToPath(new URL('../../dist/index.js', import.meta.url)))) throw new Error('dist is missing: run `npm run build` first');

/** Runs the clients of one library. */
async function soak(name, duration) {
  const server = new FaultyServer(seed);
  const url = await server.start();
  const child = fork(fileURLToPath(new URL('clients.mjs', import.meta.url)), [name, url, clients, duration], { execArgv: ['--expose-gc'], serialization: 'advanced' });
  const died = once(child, 'exit').then(([code]) => ({ phase: 'died', code }));
  const next = () => Promise.race([once(child, 'message').then(([message]) => message), died]);
  const produced = await next();
  server.heal();
  const ended = produced.phase === 'died' ? produced : (child.send('healthy'), await next());
  server.stop();
  if (ended.phase === 'died') throw new Error(`the clients of ${name} exited with ${ended.code}`);
  return report(ended, server);
}

function report({ heap, ledgers, uncaught }, { faults, received }) {
  const sum = (of) => ledgers.reduce((total, ledger, index) => total + of(ledger, index), 0);
  const arrived = ledgers.map(({ accepted }, index) => {
    const marks = new Uint8Array(accepted.length);
    for (const id of received.get(index) ?? []) marks[id] = 1;
    return marks;
  });
  const count = (holds) => sum(({ accepted, handed, unsent }, index) =>
    accepted.reduce((total, is, id) => total + (is && holds({ handed: handed[id], unsent: unsent[id], arrived: arrived[index][id] }) ? 1 : 0), 0));
  return {
    'values sent': count(() => true),
    'messages received': sum(({ delivered }) => delivered),
    'uncaught errors': uncaught.length,
    'lost in silence': count(({ handed, unsent, arrived: has }) => !handed && !unsent && !has),
    'refused by an error': sum(({ refused }) => refused),
    'reported as unsent': count(({ unsent }) => unsent),
    'taken and also reported unsent': count(({ handed, unsent }) => handed && unsent),
    'sent twice': sum(({ sentTwice }) => sentTwice),
    'sent out of order': sum(({ sentLate }) => sentLate),
    'lost after a transport took them': count(({ handed, arrived: has }) => handed && !has),
    'received twice or out of order': sum(({ doubled, disordered: late }) => doubled + late),
    'two open transports': sum(({ twoOpen }) => twoOpen),
    'ends missing or received twice': sum(({ consumers, terminals, endedTwice }) => consumers - terminals + endedTwice),
    'heap, kB a second': (slope(heap.slice(Math.floor(heap.length / 3))) / 1_000).toFixed(1),
    faults,
    uncaught,
  };
}

const mustBeZero = ['uncaught errors', 'lost in silence', 'refused by an error', 'taken and also reported unsent', 'sent twice', 'sent out of order', 'received twice or out of order', 'two open transports', 'ends missing or received twice'];

const results = {};
for (const name of options.library) results[name] = await soak(name, Math.max(5, Math.round(seconds / options.library.length)));
const shown = Object.keys(Object.values(results)[0]).filter((key) => !['faults', 'uncaught'].includes(key));
console.log(`seed ${seed}, ${clients} clients each`);
console.table(Object.fromEntries(shown.map((key) => [key, Object.fromEntries(Object.entries(results).map(([name, result]) => [name, result[key]]))])));
console.log('faults:', Object.entries(Object.values(results)[0].faults).map(([fault, times]) => `${fault} ${times}`).join(', '));

const { [names[0]]: ours } = results;
const problems = ours ? mustBeZero.filter((key) => ours[key] !== 0).map((key) => `${key}: ${ours[key]}`) : [];
if (ours && ours['values sent'] < 1_000) problems.push('too few values were sent for this to prove anything');
for (const problem of problems) console.error(`FAIL  ${problem}`);
for (const [name, { uncaught }] of Object.entries(results)) {
  for (const text of new Set(uncaught)) console.log(`uncaught in ${name}: ${text}`);
}
console.log(problems.length === 0 ? `Nothing was lost in silence. To run it again: --seed ${seed}` : `To run it again: --seed ${seed}`);
process.exitCode = problems.length === 0 ? 0 : 1;

// Measures one transport, in a process of its own: node --expose-gc heap.mjs <transport> <server> <closed> <cycles> <kind>...
import { slope } from '../slope.mjs';
import { kinds, planted } from './cycles.mjs';
import { Gate } from './Gate.mjs';
import { transports } from './transports.mjs';

const [transport, server, closed, count, ...names] = process.argv.slice(2);
const lanes = 8;
const marks = 21;
const WebSocketCtor = await transports[transport]();
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Returns what is used when everything that may go is gone: finalizers run between two collections. */
async function usedHeap() {
  await sleep(20);
  for (let times = 0; times < 2; times++) {
    globalThis.gc();
    await sleep(1);
  }
  return process.memoryUsage().heapUsed;
}

/** Returns by how many bytes the heap grows with each cycle. The first third of the marks is warm-up. */
async function growth(start, cycles) {
  if (!start) return 0;
  const gate = new Gate(lanes);
  const check = await start({ gate, lanes, WebSocketCtor, server, closed });
  const heap = [];
  for (let mark = 1; mark <= marks; mark++) {
    await gate.run(Math.ceil(cycles / marks));
    heap.push([mark * Math.ceil(cycles / marks), await usedHeap()]);
  }
  check?.();
  return slope(heap.slice(marks / 3));
}

for (const name of names) {
  const { bare, ours } = kinds[name] ?? planted;
  const startedAt = performance.now();
  // Without a connection a cycle is quick.
  const cycles = Number(count) * (bare ? 1 : 3);
  const result = { bare: await growth(bare, cycles), ours: await growth(ours, cycles) };
  process.send({ name, cycles, ...result, seconds: (performance.now() - startedAt) / 1_000 });
}
process.exit(); // subjects that reconnect go on

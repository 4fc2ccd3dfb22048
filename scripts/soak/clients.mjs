// The clients of one library, in a process of their own: node --expose-gc clients.mjs <library> <url> <clients> <seconds>.
import { once } from 'node:events';
import { WebSocket as UndiciWebSocket } from 'undici';
import { WebSocket as WsWebSocket } from 'ws';
import { libraries } from './libraries.mjs';
import { randomFrom } from './random.mjs';

const [name, server, count, seconds] = [process.argv[2], process.argv[3], Number(process.argv[4]), Number(process.argv[5])];
const transports = [WsWebSocket, UndiciWebSocket, ...(globalThis.WebSocket ? [globalThis.WebSocket] : [])];
const uncaught = [];
process.on('uncaughtException', (error) => uncaught.push(String(error?.stack ?? error)));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const ledgers = Array.from({ length: count }, (_, index) => connect(index));
const producing = setInterval(() => ledgers.forEach((ledger) => ledger.produce()), 40);
const heap = [];
const startedAt = performance.now();
const sampling = setInterval(() => {
  globalThis.gc();
  heap.push([(performance.now() - startedAt) / 1_000, process.memoryUsage().heapUsed]);
}, 1_000);

await sleep(seconds * 1_000);
clearInterval(producing);
clearInterval(sampling);
process.send({ phase: 'produced' });
await once(process, 'message'); // the server is healthy
await sleep(6_000);
for (const ledger of ledgers) ledger.end();
await sleep(3_000);
process.send({ phase: 'ended', uncaught, heap, ledgers: ledgers.map(({ facts }) => facts) }, () => process.exit());

/** Runs one client, and keeps what becomes of each value. */
function connect(index) {
  const marks = () => new Uint8Array(seconds * 30 + 100); // one for each value, made before the heap is measured
  const facts = {
    accepted: marks(), handed: marks(), unsent: marks(), sentTwice: 0, sentLate: 0, refused: 0,
    delivered: 0, doubled: 0, disordered: 0, twoOpen: 0, consumers: 0, terminals: 0, endedTwice: 0,
  };
  const random = randomFrom(index);
  const open = new Set();
  const Base = transports[index % transports.length];

  /** Makes a real transport and watches it. */
  function Watched(url, protocols, options) {
    const transport = new Base(url, protocols, options);
    const { send } = transport;
    transport.send = (data, ...rest) => {
      const wasOpen = transport.readyState === 1;
      send.call(transport, data, ...rest);
      const { id } = JSON.parse(data);
      if (!wasOpen || id === undefined) return;
      if (facts.handed[id]) facts.sentTwice++;
      else if (id < highest) facts.sentLate++;
      facts.handed[id] = 1;
      highest = Math.max(highest, id);
    };
    transport.addEventListener('open', () => {
      for (const other of open) if (other.readyState > 1) open.delete(other);
      open.add(transport);
      if (open.size > 1) facts.twoOpen++;
    });
    return transport;
  }
  Object.assign(Watched, { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 });

  let highest = -1;
  let last = [-1, -1];
  let ended = 0;
  const client = libraries[name](`${server}/${index}`, Watched, {
    began: () => ++facts.consumers,
    terminal(consumer) {
      // Consumers follow one another.
      if (consumer <= ended) facts.endedTwice++;
      else facts.terminals++;
      ended = consumer;
    },
    message({ id }) {
      facts.delivered++;
      const [, attempt, n] = id.split('.').map(Number);
      const order = attempt - last[0] || n - last[1];
      if (order === 0) facts.doubled++;
      else if (order < 0) facts.disordered++;
      else last = [attempt, n];
    },
    unsent(values) {
      for (const { id } of values) facts.unsent[id] = 1;
    },
  });

  let next = 0;
  return {
    facts,
    produce() {
      const id = next++;
      try {
        client.send({ id });
        facts.accepted[id] = 1;
      } catch {
        facts.refused++;
      }
      // Now and then your code ends it in the middle of everything, and begins anew.
      if (random() < 0.005) client.restart();
    },
    end: () => client.end(),
  };
}

// A consumer that takes 1 ms per message and samples the memory of its own process. programs/memory.mjs starts it and receives the result.
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { iterate, toWebStreams, webSocket } from '../../dist/index.js';

process.on('disconnect', () => process.exit(1));
const [way, url, count, seconds] = process.argv.slice(2);
let [received, consumed, held, first, most] = [0, 0, 0, 0, 0];

const end = performance.now() + Number(seconds) * 1_000;
const sample = () => {
  most = Math.max(most, process.memoryUsage.rss());
};

/** Consumes one message; returns whether to go on. Growth counts from the first message, when the connection is open and the code is loaded. */
async function consume() {
  held = Math.max(held, received - consumed);
  if (consumed++ === 0) first = process.memoryUsage.rss();
  if (consumed % 20 === 0) sample();
  await wait(1);
  return consumed < Number(count) && performance.now() < end;
}

const deserializer = ({ data }) => {
  received++;
  return JSON.parse(data);
};
const connect = () => webSocket({ url, deserializer });
const pull = async (messages) => {
  for await (const message of messages) if (message.op !== 'quote' || !(await consume())) return;
};

/** The same with plain `ws`: a queue, and a function that is called when it holds 64 messages. */
async function pullFromWs(onFull) {
  const socket = new WebSocket(url);
  const queue = [];
  let wake = () => {};
  socket.onmessage = (event) => {
    queue.push(deserializer(event));
    if (queue.length >= 64) onFull(socket, queue);
    wake();
  };
  do {
    if (queue.length === 0) await new Promise((resolve) => (wake = resolve));
    queue.shift();
    if (socket.isPaused && queue.length <= 16) socket.resume();
  } while (await consume());
}

const ways = {
  'ws, paused': () => pullFromWs((socket) => socket.pause()),
  iterate: () => pull(iterate(connect())),
  toWebStreams: () => pull(toWebStreams(connect()).readable),
  'ws, the latest': () => pullFromWs((socket, queue) => queue.splice(0, queue.length - 1)),
  latest: () => pull(iterate(connect(), { pause: false, overflow: 'latest' })),
  'drop-oldest': () => pull(iterate(connect(), { pause: false, overflow: 'drop-oldest' })),
};

const timer = setInterval(sample, 50);
console.warn = () => {}; // dropped messages are expected here
await Promise.race([ways[way](), wait(Number(seconds) * 1_000)]); // the last message may have been dropped
clearInterval(timer);
sample();
process.send({ received, consumed, held, growth: most - first }, () => process.exit(0));

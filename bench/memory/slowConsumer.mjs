// A consumer of 1 ms a message, in a process of its own that watches its own memory: started by programs/memory.mjs, which is told what was seen.
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { toWebStreams, webSocket } from '../../dist/index.js';

process.on('disconnect', () => process.exit(1));
const [way, url, count, seconds] = process.argv.slice(2);
let [received, consumed, held, first, most] = [0, 0, 0, 0, 0];

const end = performance.now() + Number(seconds) * 1_000;
const look = () => {
  most = Math.max(most, process.memoryUsage.rss());
};

/** Says whether it goes on. Growth counts from the first message: the connection is there then, and the code is loaded. */
async function consume() {
  held = Math.max(held, received - consumed);
  if (consumed++ === 0) first = process.memoryUsage.rss();
  if (consumed % 20 === 0) look();
  await wait(1);
  return consumed < Number(count) && performance.now() < end;
}

const deserializer = ({ data }) => {
  received++;
  return JSON.parse(data);
};
const socketOf = () => webSocket({ url, deserializer });
const pull = async (messages) => {
  for await (const message of messages) if (message.op !== 'quote' || !(await consume())) return;
};

/** What a program writes that has nothing but `ws`: a queue, and what is done when there are 64 messages in it. */
async function pullFromWs(full) {
  const socket = new WebSocket(url);
  const queue = [];
  let wake = () => {};
  socket.onmessage = (event) => {
    queue.push(deserializer(event));
    if (queue.length >= 64) full(socket, queue);
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
  'for await': () => pull(socketOf()),
  toWebStreams: () => pull(toWebStreams(socketOf()).readable),
  'ws, the latest': () => pullFromWs((socket, queue) => queue.splice(0, queue.length - 1)),
  latest: () => pull(socketOf().iterate({ pause: false, overflow: 'latest' })),
  'drop-oldest': () => pull(socketOf().iterate({ pause: false, overflow: 'drop-oldest' })),
};

const timer = setInterval(look, 50);
console.warn = () => {}; // that messages are dropped is what is asked for
await Promise.race([ways[way](), wait(Number(seconds) * 1_000)]); // where messages are dropped the last may have been
clearInterval(timer);
look();
process.send({ received, consumed, held, growth: most - first }, () => process.exit(0));

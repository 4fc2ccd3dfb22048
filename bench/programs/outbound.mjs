import { setImmediate as nextTask } from 'node:timers/promises';
import { webSocket as rxjsWebSocket } from 'rxjs/webSocket';
import { WebSocket } from 'ws';
import { webSocket } from '../../dist/index.js';

const value = 'EURUSD 1.0842 250000';
/** A client's frame adds two bytes and the masking key (RFC 6455, section 5.2). */
const frameBytes = JSON.stringify(value).length + 6;
const announced = (url, count) => `${url}/?bytes=${count * frameBytes}`;

/** Opens a connection; returns a function that sends a value, and a promise that resolves when the server has received all values. */
const open = {
  async ws(url) {
    const socket = new WebSocket(url);
    const all = new Promise((resolve) => (socket.onmessage = resolve));
    await new Promise((resolve) => (socket.onopen = resolve));
    return { send: () => socket.send(JSON.stringify(value)), all };
  },
  async ours(url) {
    const socket = webSocket(url);
    return openSubject(socket, (opened) => socket.events.subscribe(({ type }) => type === 'open' && opened()));
  },
  async rxjs(url) {
    let opened;
    const socket = rxjsWebSocket({ url, WebSocketCtor: WebSocket, openObserver: { next: () => opened() } });
    return openSubject(socket, (listener) => (opened = listener));
  },
};

async function openSubject(socket, onOpen) {
  const isOpen = new Promise(onOpen);
  const all = new Promise((resolve) => socket.subscribe(resolve));
  await isOpen;
  return { send: () => socket.next(value), all };
}

/** Returns the values per second if `perTask` are sent in each task, until the server has all. The first fifth is warm-up and not counted. */
const bursts = (perTask, count) => (library) => async (url) => {
  const { send, all } = await open[library](announced(url, count * 1.25));
  const sendSome = async (some) => {
    for (let sent = 0; sent < some; sent += perTask) {
      for (let i = 0; i < perTask; i++) send();
      await nextTask();
    }
  };
  await sendSome(count / 4);
  const begun = performance.now();
  await sendSome(count);
  await all;
  return (count / (performance.now() - begun)) * 1_000;
};

/** `queue` queues a value before the open; `connect` returns a promise that resolves when the server has received all values. */
const queueing = {
  ws: (url) => {
    const socket = new WebSocket(url);
    const queue = [];
    socket.onopen = () => {
      for (const waiting of queue) socket.send(JSON.stringify(waiting));
      queue.length = 0;
    };
    return { queue: (waiting) => queue.push(waiting), connect: () => new Promise((resolve) => (socket.onmessage = resolve)) };
  },
  ours: (url) => {
    const socket = webSocket({ url, outbox: { maxValues: Infinity } });
    return { queue: (waiting) => socket.next(waiting), connect: () => new Promise((resolve) => socket.subscribe(resolve)) };
  },
  rxjs: (url) => {
    const socket = rxjsWebSocket({ url, WebSocketCtor: WebSocket });
    return { queue: (waiting) => socket.next(waiting), connect: () => new Promise((resolve) => socket.subscribe(resolve)) };
  },
};

const queued = 100_000;

/** Returns the values per second, from the start of the connection until the server has all values that were queued before it. */
const flush = (library) => async (url) => {
  const { queue, connect } = queueing[library](announced(url, queued));
  for (let i = 0; i < queued; i++) queue(value);
  const begun = performance.now();
  await connect();
  return (queued / (performance.now() - begun)) * 1_000;
};

/** Returns how many of the sent values are still reachable while the connection is open. */
const held = (library) => async (url) => {
  const { queue, connect } = queueing[library](announced(url, queued));
  const values = Array.from({ length: queued }, () => {
    const object = { toJSON: () => value };
    queue(object);
    return new WeakRef(object);
  });
  await connect();
  await nextTask();
  globalThis.gc();
  return values.filter((reference) => reference.deref() !== undefined).length;
};

const sides = (measure) => ({ '`ws`': measure('ws'), 'websocket-subject': measure('ours'), 'rxjs/webSocket': measure('rxjs') });

export default {
  title: 'Outbound',
  text: `Small messages (${frameBytes} bytes on the wire) to a server that counts bytes without parsing frames. \`ws\` is a loop over \`send\` with the same serializer; its queue is an array that is sent on open.`,
  server: 'sink',
  tables: [
    { title: '200 values per task', unit: 'values/s', repetitions: 19, sides: sides(bursts(200, 160_000)) },
    { title: '10 values per task', unit: 'values/s', repetitions: 19, sides: sides(bursts(10, 120_000)) },
    { title: 'One value per task', unit: 'values/s', repetitions: 31, sides: sides(bursts(1, 40_000)) },
    { title: '100,000 values queued before the open', unit: 'values/s', repetitions: 25, sides: sides(flush) },
    { title: 'Queued values still in memory after they were sent', unit: 'values', repetitions: 1, compare: 'difference', sides: sides(held) },
  ],
};

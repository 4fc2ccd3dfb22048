import { setImmediate as nextTurn } from 'node:timers/promises';
import { webSocket as rxjsWebSocket } from 'rxjs/webSocket';
import { WebSocket } from 'ws';
import { webSocket } from '../../dist/index.js';

const value = 'EURUSD 1.0842 250000';
/** What a client's frame adds: two bytes and the key of the mask (RFC 6455, section 5.2). */
const frameBytes = JSON.stringify(value).length + 6;
const announced = (url, count) => `${url}/?bytes=${count * frameBytes}`;

/** Opens a connection and gives how to send a value, and a promise of the server's word that it has all. */
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

/** Values a second when `perTurn` are sent in each turn, until the server has all; the first fifth is not counted, since its code is not compiled yet. */
const bursts = (perTurn, count) => (library) => async (url) => {
  const { send, all } = await open[library](announced(url, count * 1.25));
  const sendSome = async (some) => {
    for (let sent = 0; sent < some; sent += perTurn) {
      for (let i = 0; i < perTurn; i++) send();
      await nextTurn();
    }
  };
  await sendSome(count / 4);
  const begun = performance.now();
  await sendSome(count);
  await all;
  return (count / (performance.now() - begun)) * 1_000;
};

/** Connects with so many values waiting: `queue` puts one into the queue of a library. Gives a promise of the server's word that it has all. */
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

/** Values a second, from the beginning of the connection until the server has all that were queued before it. */
const flush = (library) => async (url) => {
  const { queue, connect } = queueing[library](announced(url, queued));
  for (let i = 0; i < queued; i++) queue(value);
  const begun = performance.now();
  await connect();
  return (queued / (performance.now() - begun)) * 1_000;
};

/** How many of the queued values can still be reached while the connection is open. */
const held = (library) => async (url) => {
  const { queue, connect } = queueing[library](announced(url, queued));
  const values = Array.from({ length: queued }, () => {
    const object = { toJSON: () => value };
    queue(object);
    return new WeakRef(object);
  });
  await connect();
  await nextTurn();
  globalThis.gc();
  return values.filter((reference) => reference.deref() !== undefined).length;
};

const sides = (measure) => ({ '`ws`': measure('ws'), 'websocket-subject': measure('ours'), 'rxjs/webSocket': measure('rxjs') });

export default {
  title: 'Outbound',
  text: `Small messages (${frameBytes} bytes on the wire) to a server that counts bytes and reads no frame. \`ws\` is a loop over \`send\` with the same serialiser; for the queue, an array that is sent at the open.`,
  server: 'sink',
  tables: [
    { title: 'Bursts of 200 values a turn', unit: 'values/s', repetitions: 19, sides: sides(bursts(200, 160_000)) },
    { title: 'Bursts of 10 values a turn', unit: 'values/s', repetitions: 19, sides: sides(bursts(10, 120_000)) },
    { title: 'One value a turn', unit: 'values/s', repetitions: 31, sides: sides(bursts(1, 40_000)) },
    { title: '100,000 values queued before the open', unit: 'values/s', repetitions: 25, sides: sides(flush) },
    { title: 'How many of them are held after they were sent', unit: 'values', repetitions: 1, compare: 'difference', sides: sides(held) },
  ],
};

import { webSocket as rxjsWebSocket } from 'rxjs/webSocket';
import { WebSocket } from 'ws';
import { reconnectOnCode, webSocket } from '../../dist/index.js';

const count = 2_000;
const atOnce = 100;

/** Returns the heap in bytes per open connection, once all have received a message: `connect` passes it to a callback. */
const heap = (connect) => async (url) => {
  const kept = [];
  const open = () => Promise.all(Array.from({ length: atOnce }, () => new Promise((resolve) => kept.push(connect(url, resolve)))));
  await open(); // warm-up: code is compiled and cached on first use
  const before = await settledHeap();
  while (kept.length <= count) await open();
  return ((await settledHeap()) - before) / count;
};

async function settledHeap() {
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    globalThis.gc();
  }
  return process.memoryUsage().heapUsed;
}

export default {
  title: 'An idle connection',
  text: `The heap of an open connection with one subscriber of messages, averaged over ${count.toLocaleString('en')} connections to a server that sends one message on each.`,
  server: 'restarts',
  tables: [
    {
      title: 'Heap per connection',
      unit: 'bytes',
      repetitions: 5,
      compare: 'difference',
      sides: {
        '`ws`': heap((url, receive) => {
          const socket = new WebSocket(url);
          socket.onmessage = ({ data }) => receive(JSON.parse(data));
          return socket;
        }),
        'websocket-subject': heap((url, receive) => {
          const socket = webSocket(url);
          socket.subscribe(receive);
          return socket;
        }),
        'with `reconnectOnCode`': heap((url, receive) => {
          const socket = webSocket(url).pipeEvents(reconnectOnCode());
          socket.subscribe(receive);
          return socket;
        }),
        'rxjs/webSocket': heap((url, receive) => {
          const socket = rxjsWebSocket({ url, WebSocketCtor: WebSocket });
          socket.subscribe(receive);
          return socket;
        }),
      },
    },
  ],
};

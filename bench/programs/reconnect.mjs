import { webSocket as rxjsWebSocket } from 'rxjs/webSocket';
import { WebSocket } from 'ws';
import { after, reconnectOnCode, webSocket } from '../../dist/index.js';

const warmUp = 1_000;
const count = 4_000;

/** Reconnects again and again: `connect` passes the message of each connection to a callback. */
const connections = (connect, measure) => (url) =>
  new Promise((resolve) => {
    let received = 0;
    const measured = measure();
    connect(`${url}/?restart`, () => {
      received++;
      if (received >= warmUp) measured.message();
      if (received === warmUp + count) resolve(measured.result());
    });
  });

/** Measures the median time from one message to the next in milliseconds: the server's Close, the answer and a new handshake. */
const latency = () => {
  const times = [];
  return {
    message: () => times.push(performance.now()),
    result: () => times.slice(1).map((time, i) => time - times[i]).sort((a, b) => a - b)[count >> 1],
  };
};

/** Measures the processor time per connection in milliseconds. */
const processorTime = () => {
  let begun;
  return {
    message: () => (begun ??= process.cpuUsage()),
    result: () => {
      const { user, system } = process.cpuUsage(begun);
      return (user + system) / count / 1_000;
    },
  };
};

const ways = {
  '`ws` in a loop': (url, receive) => {
    const loop = () => {
      const socket = new WebSocket(url);
      socket.onmessage = ({ data }) => receive(JSON.parse(data));
      socket.onerror = () => {};
      socket.onclose = loop;
    };
    loop();
  },
  '`reconnectOnCode(after(0))`': (url, receive) => webSocket(url).pipeEvents(reconnectOnCode(after(0))).subscribe(receive),
  'rxjs/webSocket': (url, receive) => {
    const loop = () => rxjsWebSocket({ url, WebSocketCtor: WebSocket }).subscribe({ next: receive, complete: loop, error: loop });
    loop();
  },
};

const sides = (measure) => Object.fromEntries(Object.entries(ways).map(([name, connect]) => [name, connections(connect, measure)]));

export default {
  title: 'A reconnect',
  text: `A server that sends one message and closes with 1012: ${count.toLocaleString('en')} connections in a row, without a delay.`,
  server: 'restarts',
  tables: [
    { title: 'From one message to the next', unit: 'ms', repetitions: 9, sides: sides(latency) },
    { title: 'Processor time per connection', unit: 'ms', repetitions: 9, sides: sides(processorTime) },
  ],
};

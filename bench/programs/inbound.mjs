import { webSocket as rxjsWebSocket } from 'rxjs/webSocket';
import { WebSocket } from 'ws';
import { reconnectOnCode, webSocket } from '../../dist/index.js';

const count = 1_000_000;

/** Returns the messages per second, from the first to the last: `connect` passes each parsed message to a callback. */
const rate = (connect) => (url) =>
  new Promise((resolve) => {
    let received = 0;
    let sizes = 0;
    let begun = 0;
    connect(`${url}/?count=${count}`, ({ size }) => {
      if (received === 0) begun = performance.now();
      sizes += size;
      if (++received === count) resolve((sizes > 0 ? count : 0) / (performance.now() - begun) * 1_000);
    });
  });

const raw = rate((url, receive) => {
  new WebSocket(url).onmessage = ({ data }) => receive(JSON.parse(data));
});

export default {
  title: 'Inbound',
  text: '1,000,000 JSON messages of about 100 bytes from a server that sends prepared frames. `ws` is `onmessage` with `JSON.parse`; it is measured twice, to show the spread.',
  server: 'frames',
  tables: [
    {
      title: 'JSON of 100 bytes',
      unit: 'messages/s',
      repetitions: 7,
      sides: {
        '`ws`': raw,
        '`ws` again': raw,
        'websocket-subject': rate((url, receive) => webSocket(url).subscribe(receive)),
        'through `reconnectOnCode`': rate((url, receive) => webSocket(url).pipeEvents(reconnectOnCode()).subscribe(receive)),
        'rxjs/webSocket': rate((url, receive) => rxjsWebSocket({ url, WebSocketCtor: WebSocket }).subscribe(receive)),
      },
    },
  ],
};

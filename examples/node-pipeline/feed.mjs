// node feed.mjs PORT LAST: sends the values that follow `after` of `{ op: 'resume', after }`, up to LAST, then Close 1000. It keeps no state.
import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { frameOf } from './frameOf.mjs';
import { log } from './log.mjs';
import { serve } from './serve.mjs';

const [port, last] = process.argv.slice(2).map(Number);

serve(port ?? 0, (socket) => {
  socket.once('message', (data) => {
    const { after } = JSON.parse(String(data));
    log({ resume: after });
    void sendAfter(socket, after);
  });
});

/** @param {WebSocket} socket @param {number} after */
async function sendAfter(socket, after) {
  for (let n = after + 1; n <= (last ?? Infinity); n += 1) {
    if (socket.readyState !== WebSocket.OPEN) return;
    const sent = new Promise((resolve) => socket.send(frameOf(n), resolve));
    if (n % 100 !== 0) continue;
    await sent; // waits as long as the client does not read
    await setImmediate();
  }
  socket.close(1000, 'end of the feed');
}

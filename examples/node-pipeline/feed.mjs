// node feed.mjs PORT LAST: sends the values from the one after `{ op: 'resume', after }` to LAST, then Close 1000. It keeps nothing.
import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { frameOf } from './frameOf.mjs';
import { say } from './say.mjs';
import { serve } from './serve.mjs';

const [port, last] = process.argv.slice(2).map(Number);

serve(port ?? 0, (socket) => {
  socket.once('message', (data) => {
    const { after } = JSON.parse(String(data));
    say({ resume: after });
    void play(socket, after);
  });
});

/** @param {WebSocket} socket @param {number} after */
async function play(socket, after) {
  for (let n = after + 1; n <= (last ?? Infinity); n += 1) {
    if (socket.readyState !== WebSocket.OPEN) return;
    const sent = new Promise((resolve) => socket.send(frameOf(n), resolve));
    if (n % 100 !== 0) continue;
    await sent; // while the other end does not read, this waits
    await setImmediate();
  }
  socket.close(1000, 'that was all');
}

// Sends one message on each connection, then closes with 1012 when `?restart` is given; ends the TCP connection once the client has answered.
import { acceptSockets, textFrame } from './acceptSockets.mjs';

const message = textFrame('"hello"');
const close = Buffer.from([0x88, 2, 1012 >> 8, 1012 & 255]);

acceptSockets((socket, query) => {
  const restarts = query.has('restart');
  socket.write(restarts ? Buffer.concat([message, close]) : message);
  // All that such a client sends is its Close.
  socket.on('data', () => socket.end());
});

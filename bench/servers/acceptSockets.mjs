import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

/** A server on a free port of the loopback that accepts every WebSocket and leaves its bytes to `accepted`; it ends with whoever started it. */
export function acceptSockets(accepted) {
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    const key = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.on('error', () => {}); // the clients do not say goodbye
    socket.on('end', () => socket.end()); // an HTTP server leaves its half open
    socket.setNoDelay(true);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`);
    accepted(socket, new URL(request.url, 'http://127.0.0.1').searchParams, head);
  });
  server.listen(0, '127.0.0.1', () => process.send({ url: `ws://127.0.0.1:${server.address().port}` }));
  process.on('disconnect', () => process.exit(0));
}

/** A text message of at most 65,535 bytes as a server sends it. */
export function textFrame(text) {
  const payload = Buffer.from(text);
  const { length } = payload;
  return Buffer.concat([Buffer.from(length < 126 ? [0x81, length] : [0x81, 126, length >> 8, length & 255]), payload]);
}

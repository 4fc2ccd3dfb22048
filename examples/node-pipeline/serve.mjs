import process from 'node:process';
import { WebSocketServer } from 'ws';
import { log } from './log.mjs';

/**
 * Starts a WebSocket server on 127.0.0.1. SIGTERM closes its connections with 1012, "service restart", and ends it.
 * @param {number} port 0 for any free port
 * @param {(socket: import('ws').WebSocket) => void} connected
 */
export function serve(port, connected) {
  const server = new WebSocketServer({ host: '127.0.0.1', port, maxPayload: 65_536 });
  server.on('listening', () => log({ listening: /** @type {import('node:net').AddressInfo} */ (server.address()).port }));
  server.on('connection', (socket) => {
    socket.on('error', () => undefined); // `close` follows
    socket.on('close', (code) => log({ closed: code }));
    connected(socket);
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => {
      server.close(() => process.exit(0));
      for (const socket of server.clients) socket.close(1012, 'restarting');
    });
  }
}

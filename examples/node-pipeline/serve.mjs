import process from 'node:process';
import { WebSocketServer } from 'ws';
import { say } from './say.mjs';

/**
 * A WebSocket server on 127.0.0.1. SIGTERM closes its connections with 1012, "service restart", and ends it; SIGKILL just ends it.
 * @param {number} port 0 for any
 * @param {(socket: import('ws').WebSocket) => void} connected
 */
export function serve(port, connected) {
  const server = new WebSocketServer({ host: '127.0.0.1', port, maxPayload: 65_536 });
  server.on('listening', () => say({ listening: /** @type {import('node:net').AddressInfo} */ (server.address()).port }));
  server.on('connection', (socket) => {
    socket.on('error', () => undefined); // the close that follows says it
    socket.on('close', (code) => say({ closed: code }));
    connected(socket);
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => {
      server.close(() => process.exit(0));
      for (const socket of server.clients) socket.close(1012, 'restarting');
    });
  }
}

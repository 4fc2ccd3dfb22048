import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

/**
 * One loopback server for the installed package's trials: over HTTP it serves the given pages, over WebSocket it sends every message back,
 * and closes with 4001 'bye' when the message is "bye".
 */
export async function startEchoServer(pages = new Map()) {
  const http = createServer((request, response) => {
    const page = pages.get(new URL(request.url ?? '/', 'http://127.0.0.1').pathname);
    if (page === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': `${page.type}; charset=utf-8` }).end(page.body);
  });
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const text = data.toString();
      if (text === '"bye"') socket.close(4001, 'bye');
      else socket.send(text);
    });
  });
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address();
  return {
    http: `http://127.0.0.1:${port}`,
    ws: `ws://127.0.0.1:${port}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

/** What the server does with each message, by the first part of the path. */
const onMessage = {
  echo: (peer, _path, data) => peer.send(String(data)),
  close: (peer, code) => peer.close(Number(code), 'asked for'),
  reset: (peer) => peer._socket.resetAndDestroy(),
};

/** What the server does in place of answering our Close, by the last part of the path. */
const onClose = {
  'no-answer': (peer) => peer.terminate(),
  'no-answer-yet': (peer) => setTimeout(() => peer.terminate(), 500),
  'never-answer': () => undefined,
};

/**
 * A server that does to each connection what its path says: `/mute` and what `onMessage` and `onClose` have, combined as in `/echo/no-answer` and
 * `/close/1012`; `/refuse` answers 503, `/hang` never answers.
 */
export class PathServer {
  #http = createServer((_request, response) => response.writeHead(426).end());
  #sockets = new Set();
  #webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });

  async start() {
    this.#http.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#http.on('upgrade', (request, socket, head) => {
      const [, first, last] = request.url.split('/');
      if (first === 'refuse') socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy');
      else if (first === 'hang') socket.resume(); // or its end would not be noticed
      else this.#webSockets.handleUpgrade(request, socket, head, (peer) => this.#serve(peer, first, last));
    });
    this.#http.listen(0, '127.0.0.1');
    await once(this.#http, 'listening');
    return `ws://127.0.0.1:${this.#http.address().port}`;
  }

  #serve(peer, first, last) {
    peer.on('error', () => undefined);
    if (onMessage[first]) peer.on('message', (data) => onMessage[first](peer, last, data));
    if (onClose[last]) peer.close = () => onClose[last](peer);
  }

  stop() {
    this.#http.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Returns an address without a listener. */
export async function closedUrl() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return `ws://127.0.0.1:${port}`;
}

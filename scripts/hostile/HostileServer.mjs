import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** What is never sent in one go. */
const chunk = 65_536;

/** A server that does one attack to each of its connections. It keeps little itself: it writes no more than the client reads. */
export class HostileServer {
  /** How many connections were made. */
  connections = 0;
  /** How many bytes were written. */
  written = 0;
  #sockets = new Set();
  #server;

  /** @param attack - what is done: `tcp(peer)` to a bare connection, or `open(peer)` once the opening handshake is answered */
  constructor({ tcp, open }) {
    this.#server = tcp ? createTcpServer() : createServer();
    this.#server.on('connection', (socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      // Node's HTTP server leaves its own direction open.
      socket.on('end', () => socket.destroy());
      socket.on('close', () => this.#sockets.delete(socket));
      tcp?.(new HostilePeer(this, socket));
    });
    this.#server.on('upgrade', (request, socket) => {
      const peer = new HostilePeer(this, socket);
      peer.accept(request);
      open(peer);
    });
  }

  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `ws://127.0.0.1:${this.#server.address().port}`;
  }

  /** How many TCP connections are left. */
  get left() {
    return this.#sockets.size;
  }

  stop() {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** The server's end of one connection. */
class HostilePeer {
  #server;
  #socket;

  constructor(server, socket) {
    this.#server = server;
    this.#socket = socket;
  }

  /** The number of this connection, from 1. */
  get number() {
    return this.#server.connections;
  }

  get isGone() {
    return this.#socket.destroyed;
  }

  /** Answers the opening handshake with 101, and takes up compression if the client offers it. */
  accept({ headers }) {
    const key = createHash('sha1').update(headers['sec-websocket-key'] + guid).digest('base64');
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${key}`];
    if (headers['sec-websocket-extensions']?.includes('permessage-deflate')) lines.push('Sec-WebSocket-Extensions: permessage-deflate');
    this.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`));
  }

  write(bytes) {
    this.#server.written += bytes.length;
    return this.#socket.write(bytes);
  }

  end(bytes) {
    this.#socket.end(bytes);
  }

  stopReading() {
    this.#socket.pause();
  }

  /** Reads and ignores what the client sends; else the end of the connection is not seen. */
  ignore() {
    this.#socket.resume();
  }

  /** Writes the same bytes again and again, as fast as the client reads, until the connection ends or `limit` bytes are written. */
  flood(bytes, limit) {
    const copies = Buffer.concat(Array.from({ length: Math.max(1, Math.floor(chunk / bytes.length)) }, () => bytes));
    let sent = 0;
    const more = () => {
      let hasRoom = true;
      while (hasRoom && sent < limit && !this.isGone) {
        hasRoom = this.write(copies);
        sent += copies.length;
      }
    };
    this.#socket.on('drain', more);
    more();
  }

  /** Writes one byte after another, with a pause after each. */
  async drip(bytes, ms) {
    for (const byte of bytes) {
      if (this.isGone) return;
      this.write(Buffer.from([byte]));
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }
}

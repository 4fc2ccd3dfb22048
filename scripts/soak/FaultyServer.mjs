import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { between, oneOf, randomFrom } from './random.mjs';

const codes = [1000, 1001, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 1014, 3000, 4000, 4401];
const reasons = ['', 'deploy', 'restart; spread=0..1', 'spread=0..999999999999', 'spread=5..-5', 'retry-after=-1', '{"__proto__":{"delay":1e308}}', 'ÿ'.repeat(60)];

/** What happens to an attempt that never opens. */
const refusals = {
  '503': (socket) => socket.end('HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy'),
  'no HTTP': (socket) => socket.end('220 this is no HTTP server\r\n'),
  hangs: (socket) => setTimeout(() => socket.destroy(), 5_000).unref(),
  resets: (socket) => socket.resetAndDestroy(),
};

const raw = (...bytes) => (peer) => peer._socket.write(Buffer.from(bytes));

/** What ends a connection that was open, or makes the client end it. */
const ends = {
  close: (peer, random) => peer.close(oneOf(random, codes), oneOf(random, reasons)),
  'close without a code': (peer) => peer.close(),
  drop: (peer) => peer._socket.destroy(),
  reset: (peer) => peer._socket.resetAndDestroy(),
  'half open': (peer) => {
    peer._socket.pause();
    peer.isSilent = true;
    setTimeout(() => peer.terminate(), 4_000).unref();
  },
  'reserved opcode': raw(0x83, 0x00),
  'reserved bits': raw(0xf1, 0x00),
  'a control frame in parts': raw(0x09, 0x00),
  'a Close with code 1006': raw(0x88, 0x02, 0x03, 0xee),
  'text that is no UTF-8': raw(0x81, 0x02, 0xc3, 0x28),
  'text that is no JSON': (peer) => peer.send('{"id":'),
};

/**
 * A server whose connections last for a random time and end in a random way. What becomes of the n-th attempt of a client depends on the seed alone, so
 * that every library meets the same faults.
 */
export class FaultyServer {
  /** What each client has sent, in the order in which it arrived. */
  received = new Map();
  /** How often each fault happened. */
  faults = {};
  #seed;
  #attempts = new Map();
  #isHealthy = false;
  #http = createServer((_request, response) => response.writeHead(426).end());
  #sockets = new Set();
  // No compression: a connection that ends in an invalid frame can stop `ws` 8.23 from inflating anything in its process any more.
  #webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 65_536 });
  #restarts;

  constructor(seed) {
    this.#seed = seed;
    this.#http.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  async start() {
    await this.#listen(0);
    const { port } = this.#http.address();
    const random = randomFrom(this.#seed);
    // Every few seconds the whole server restarts.
    const restart = async () => {
      this.#count('restart');
      const code = oneOf(random, [1001, 1012, 1013]);
      this.#http.close();
      for (const peer of this.#webSockets.clients) peer.close(code, 'restart; spread=0..1');
      await new Promise((resolve) => setTimeout(resolve, between(random, 50, 400)));
      for (const socket of this.#sockets) socket.destroy();
      await this.#listen(port);
      if (!this.#isHealthy) this.#restarts = setTimeout(restart, between(random, 3_000, 8_000));
    };
    this.#restarts = setTimeout(restart, 2_000);
    return `ws://127.0.0.1:${port}`;
  }

  /** From now on every connection stays. */
  heal() {
    this.#isHealthy = true;
    clearTimeout(this.#restarts);
  }

  stop() {
    this.heal();
    this.#http.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #listen(port) {
    this.#http.listen(port, '127.0.0.1');
    await once(this.#http, 'listening');
  }

  #count(fault) {
    this.faults[fault] = (this.faults[fault] ?? 0) + 1;
  }

  #upgrade(request, socket, head) {
    const client = Number(request.url.slice(1));
    const attempt = this.#attempts.get(client) ?? 0;
    this.#attempts.set(client, attempt + 1);
    const random = randomFrom(this.#seed * 1_000_003 + client * 7_919 + attempt);
    if (!this.#isHealthy && random() < 0.2) {
      const refusal = oneOf(random, Object.keys(refusals));
      this.#count(refusal);
      refusals[refusal](socket);
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (peer) => this.#serve(peer, client, attempt, random));
  }

  #serve(peer, client, attempt, random) {
    const received = this.received.get(client) ?? [];
    this.received.set(client, received);
    peer.on('error', () => undefined);
    peer.on('message', (data) => received.push(JSON.parse(String(data)).id));
    let sent = 0;
    const quotes = setInterval(() => {
      if (!peer.isSilent) peer.send(JSON.stringify({ id: `${client}.${attempt}.${sent++}`, text: 'x'.repeat(random() * 200) }));
    }, 50);
    const end = setTimeout(() => {
      if (this.#isHealthy) return;
      const how = oneOf(random, Object.keys(ends));
      this.#count(how);
      ends[how](peer, random);
    }, between(random, 10, 1_200));
    peer.on('close', () => {
      clearInterval(quotes);
      clearTimeout(end);
    });
  }
}

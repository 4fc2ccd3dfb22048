import { WebSocket } from 'ws';

/** @typedef {import('./Feed.mjs').Feed} Feed */
/** @typedef {import('../page/protocol.js').QuotesMessage} QuotesMessage */
/** @typedef {import('../page/protocol.js').Pong} Pong */
/** @typedef {import('../page/protocol.js').Outgoing} Outgoing */

const maxBuffered = 1_000_000; // bytes; a connection with more gets its quotes later

/** One page: its token, its settings and its connection. */
export class Client {
  /** @type {string | null} */
  token = null;
  silent = false;
  refuse = false;
  /** @type {Connection | null} */
  #connection = null;

  /** @param {WebSocket} socket @param {Feed} feed @param {import('node:stream').Duplex} stream the stream that the socket writes to */
  accept(socket, feed, stream) {
    const old = this.#connection?.socket;
    if (old?.readyState === WebSocket.OPEN) old.terminate(); // the page abandoned it while it was paused
    const connection = { socket, stream, seq: /** @type {number | null} */ (null) };
    this.#connection = connection;
    const unlisten = feed.listen(() => {
      if (!this.silent) sendNew(connection, feed);
    });
    socket.on('error', () => undefined); // `close` follows
    socket.on('close', () => {
      unlisten();
      if (this.#connection === connection) this.#connection = null;
    });
    socket.on('message', (data) => {
      const message = messageOf(String(data));
      if (message === null) socket.close(1007, 'not a message of this protocol');
      else if (message.op === 'watch') catchUp(connection, feed, message.since);
      else if (!this.silent) socket.send(JSON.stringify(/** @type {Pong} */ ({ op: 'pong', at: message.at })));
    });
    if (this.silent) socket.pause();
  }

  /** @param {boolean} on @param {Feed} feed */
  setSilent(on, feed) {
    this.silent = on;
    const connection = this.#connection;
    if (!connection) return;
    if (on) return connection.socket.pause();
    connection.socket.resume();
    if (connection.seq !== null) catchUp(connection, feed, { feed: feed.id, seq: connection.seq });
  }

  /** @param {number} code @param {string} reason @returns {boolean} whether there was a connection to close */
  close(code, reason) {
    const socket = this.#connection?.socket;
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.resume(); // else the page's answer would never be read
    socket.close(code, reason);
    return true;
  }

  /** @returns {boolean} whether there was a connection to drop */
  drop() {
    const socket = this.#connection?.socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return false;
    socket.terminate();
    return true;
  }
}

/**
 * A connection, and the sequence number of the last quote sent on it: null until the client has asked for quotes.
 * @typedef {{ socket: WebSocket, stream: import('node:stream').Duplex, seq: number | null }} Connection
 */

/** @param {Connection} connection @param {Feed} feed */
function sendNew(connection, feed) {
  if (connection.seq === null || connection.socket.bufferedAmount > maxBuffered) return;
  const { quotes } = feed.since(connection.seq);
  if (quotes.length === 0) return;
  // A fast feed sends each quote as a message of its own, but corked into one write: a system call per quote would dominate the cost.
  connection.stream.cork();
  for (const some of feed.perSecond === undefined ? [quotes] : quotes.map((quote) => [quote])) send(connection, feed, { op: 'quotes', quotes: some });
  connection.stream.uncork();
}

/** @param {Connection} connection @param {Feed} feed @param {{ feed: string, seq: number } | null} since */
function catchUp(connection, feed, since) {
  if (since?.feed === feed.id) {
    const { quotes, lost } = feed.since(since.seq);
    send(connection, feed, { op: 'caughtUp', feed: feed.id, quotes, missed: quotes.length, lost });
  } else {
    send(connection, feed, { op: 'caughtUp', feed: feed.id, quotes: feed.recent(), missed: 0, lost: since === null ? 0 : null });
  }
}

/** @param {Connection} connection @param {Feed} feed @param {QuotesMessage} message */
function send(connection, feed, message) {
  connection.seq = feed.last;
  connection.socket.send(JSON.stringify(message));
}

/** @param {string} text @returns {Outgoing | null} null if it is not a message of this protocol */
function messageOf(text) {
  try {
    const { op, since, at } = JSON.parse(text);
    if (op === 'ping') return typeof at === 'number' ? { op, at } : null;
    if (op !== 'watch') return null;
    if (since === null) return { op, since };
    return typeof since.feed === 'string' && Number.isSafeInteger(since.seq) ? { op, since: { feed: since.feed, seq: since.seq } } : null;
  } catch {
    return null;
  }
}

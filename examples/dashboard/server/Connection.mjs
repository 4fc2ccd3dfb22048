import { clearTimeout, setTimeout } from 'node:timers';
import { readMessage } from './readMessage.mjs';

/** @typedef {import('../page/protocol.js').Incoming} Incoming */
/** @typedef {import('../page/protocol.js').Outgoing} Outgoing */

const maxBuffered = 1_000_000; // bytes; a connection with more gets its quotes later
const loginWithin = 10_000; // ms

/** One connection of a page: its login, and the symbols that it watches. */
export class Connection {
  #socket;
  #stream;
  #feed;
  #isValid;
  /** @type {NodeJS.Timeout | undefined} it runs until the login */
  #loginTimer = setTimeout(() => this.#socket.close(1008, 'no login'), loginWithin);
  /** By symbol: the number of the last quote that was sent. @type {Map<string, number>} */
  #watched = new Map();

  /**
   * @param {import('ws').WebSocket} socket
   * @param {import('node:stream').Duplex} stream the stream that the socket writes to
   * @param {import('./Feed.mjs').Feed} feed
   * @param {(token: string) => boolean} isValid
   */
  constructor(socket, stream, feed, isValid) {
    this.#socket = socket;
    this.#stream = stream;
    this.#feed = feed;
    this.#isValid = isValid;
    socket.on('error', () => undefined); // `close` follows
    socket.on('close', () => clearTimeout(this.#loginTimer));
    socket.on('message', (data) => this.#receive(readMessage(String(data))));
  }

  get socket() {
    return this.#socket;
  }

  /** Sends the quotes that have been made since the last time. */
  sendNew() {
    if (this.#socket.bufferedAmount > maxBuffered) return;
    // Corked into one write: a system call for each quote would dominate the cost of a fast feed.
    this.#stream.cork();
    for (const [symbol, last] of this.#watched) {
      const { seq, quotes, lost } = this.#of(symbol).since(last);
      if (lost !== 0) this.#catchUp(symbol, last);
      else for (const quote of quotes) this.#send(quote);
      this.#watched.set(symbol, seq);
    }
    this.#stream.uncork();
  }

  /** Sends what was missed during a silence. */
  catchUp() {
    for (const [symbol, last] of this.#watched) this.#catchUp(symbol, last);
  }

  /** @param {Outgoing | null} message */
  #receive(message) {
    if (message === null) this.#socket.close(1007, 'not a message of this protocol');
    else if (message.op === 'ping') this.#send({ op: 'pong', at: message.at });
    else if (message.op === 'login') this.#logIn(message.token);
    else if (this.#loginTimer) this.#socket.close(1008, 'no login');
    else if (!this.#feed.of(message.symbol)) this.#socket.close(1008, 'no such symbol');
    else if (message.op === 'watch') this.#catchUp(message.symbol, message.since);
    else this.#watched.delete(message.symbol);
  }

  /** @param {string} token */
  #logIn(token) {
    clearTimeout(this.#loginTimer);
    this.#loginTimer = undefined;
    if (this.#isValid(token)) this.#send({ op: 'welcome' });
    else this.#socket.close(4401, 'token expired');
  }

  /** @param {string} symbol @param {number | null} since */
  #catchUp(symbol, since) {
    const { seq, quotes, lost } = this.#of(symbol).since(since);
    this.#watched.set(symbol, seq);
    this.#send({ op: 'caughtUp', symbol, seq, quotes, missed: since === null || lost === null ? 0 : quotes.length, lost });
  }

  /** @param {string} symbol */
  #of(symbol) {
    return /** @type {import('./Series.mjs').Series} */ (this.#feed.of(symbol));
  }

  /** @param {Incoming} message */
  #send(message) {
    this.#socket.send(JSON.stringify(message));
  }
}

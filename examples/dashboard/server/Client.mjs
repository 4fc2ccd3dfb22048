import { WebSocket } from 'ws';
import { Connection } from './Connection.mjs';

/** @typedef {import('./Feed.mjs').Feed} Feed */

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
    const connection = new Connection(socket, stream, feed, (token) => token === this.token);
    this.#connection = connection;
    const unlisten = feed.listen(() => {
      if (!this.silent) connection.sendNew();
    });
    socket.on('close', () => {
      unlisten();
      if (this.#connection === connection) this.#connection = null;
    });
    if (this.silent) socket.pause();
  }

  /** @param {boolean} on */
  setSilent(on) {
    this.silent = on;
    const connection = this.#connection;
    if (on) connection?.socket.pause();
    else {
      connection?.socket.resume();
      connection?.catchUp();
    }
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

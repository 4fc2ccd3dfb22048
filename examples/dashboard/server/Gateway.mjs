import { randomUUID } from 'node:crypto';
import { WebSocket, WebSocketServer } from 'ws';
import { Client } from './Client.mjs';
import { closeProblem } from './closeProblem.mjs';

/** @typedef {import('../page/protocol.js').Act} Act */
/** @typedef {import('../page/protocol.js').ActAnswer} ActAnswer */

const restartTakes = 2_000; // ms for which a restarting server refuses all connections

/** The WebSocket server: keeps the clients, and ends their connections on request. */
export class Gateway {
  #feed;
  #server = new WebSocketServer({ noServer: true, maxPayload: 16_384 });
  /** @type {Map<string, Client>} */
  #clients = new Map();
  #refusesUntil = 0;

  /** @param {import('./Feed.mjs').Feed} feed */
  constructor(feed) {
    this.#feed = feed;
  }

  /** @param {string} id of the client @returns {string} its only valid token from now on */
  newToken(id) {
    const token = randomUUID();
    this.#client(id).token = token;
    return token;
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:stream').Duplex} socket
   * @param {Buffer} head
   * @param {URL} url
   */
  upgrade(request, socket, head, url) {
    const client = this.#client(url.searchParams.get('client') ?? '');
    if (client.refuse || Date.now() < this.#refusesUntil) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (connection) => client.accept(connection, this.#feed, socket));
  }

  /**
   * @param {string} id
   * @param {Act} act
   * @returns {ActAnswer | { problem: string }}
   */
  act(id, act) {
    const client = this.#client(id);
    const did = this.#do(client, act);
    return typeof did === 'string' ? { did, silent: client.silent, refuse: client.refuse } : did;
  }

  /** @param {Client} client @param {Act} act @returns {string | { problem: string }} */
  #do(client, act) {
    switch (act.do) {
      case 'close': {
        const problem = closeProblem(act.code, act.reason);
        if (problem !== null) return { problem };
        return client.close(act.code, act.reason) ? `The server closes with ${act.code}.` : noConnection;
      }
      case 'expire':
        client.token = null;
        return client.close(4401, 'token expired')
          ? 'The token is no longer valid; the server closes with 4401.'
          : 'The token is no longer valid. There was no connection to close.';
      case 'drop':
        return client.drop() ? 'The server dropped the TCP connection without a Close.' : noConnection;
      case 'silent':
        client.setSilent(act.on === true);
        return client.silent ? 'The server neither sends nor reads; TCP stays open.' : 'The server sends and reads again.';
      case 'refuse':
        client.refuse = act.on === true;
        return client.refuse ? 'The server answers this page’s next handshakes with 503.' : 'The server takes connections again.';
      case 'restart':
        this.#refusesUntil = Date.now() + restartTakes;
        for (const each of this.#clients.values()) each.close(1012, 'server restarts');
        return `The server restarts: 1012 to every page, and no new connections for ${restartTakes / 1_000} s.`;
      default:
        return { problem: 'The server does not know that action.' };
    }
  }

  /** Closes every connection. @param {number} code @param {string} reason @returns {Promise<unknown>} settles when all have ended */
  stop(code, reason) {
    for (const client of this.#clients.values()) client.close(code, reason);
    const open = [...this.#server.clients].filter(({ readyState }) => readyState !== WebSocket.CLOSED);
    return Promise.all(open.map((connection) => new Promise((ended) => connection.once('close', ended))));
  }

  /** @param {string} id */
  #client(id) {
    const known = this.#clients.get(id) ?? new Client();
    this.#clients.set(id, known);
    return known;
  }
}

const noConnection = 'There is no connection of this page to end.';

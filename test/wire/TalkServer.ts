import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { decodeValue, encodeValue } from './wireValue.js';

/** The numbers of the values that the server sends on the n-th connection begin here, times n. */
export const idsPerConnection = 1_000;

/** What the server has seen of one connection. */
export interface ServerSide {
  /** The values that arrived, in order. */
  readonly received: number[];
  /** How many values it has sent. */
  sent: number;
}

/**
 * The server of a talk: a `ws` that greets with three values and answers each value with another one. It ends a connection with 1012 after so many values,
 * unless the client is to end it.
 */
export class TalkServer {
  readonly connections = new Map<number, ServerSide>();
  readonly #server: WebSocketServer;
  readonly #values: number;
  readonly #endedByClient: number;

  private constructor(server: WebSocketServer, values: number, endedByClient: number) {
    this.#server = server;
    this.#values = values;
    this.#endedByClient = endedByClient;
    server.on('connection', (peer, request) => this.#accept(peer, request));
  }

  static async start(perMessageDeflate: boolean, values: number, endedByClient: number, closeTimeout: number): Promise<TalkServer> {
    // `closeTimeout` ends TCP where an answer is lost on the way. No type has it yet.
    const options = { port: 0, host: '127.0.0.1', closeTimeout, perMessageDeflate: perMessageDeflate && { threshold: 0 } };
    const server = new WebSocketServer(options);
    await once(server, 'listening');
    return new TalkServer(server, values, endedByClient);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  dispose(): void {
    for (const peer of this.#server.clients) peer.terminate();
    this.#server.close();
  }

  #accept(peer: WebSocket, { url = '' }: IncomingMessage): void {
    const connection = Number(url.slice(1));
    const side: ServerSide = { received: [], sent: 0 };
    this.connections.set(connection, side);
    let idle = 0;
    const say = (): void => {
      if (peer.readyState !== peer.OPEN) return;
      const value = encodeValue(connection * idsPerConnection + side.sent++);
      // A `ws` that compresses reads the memory later.
      peer.send(typeof value === 'string' ? value : Buffer.from(value));
    };
    // Garbage that looks like the beginning of a long message makes either side wait for its end.
    const pinged = (): void => {
      if (++idle === 5) peer.close(1012, 'idle');
      else say();
    };
    peer.on('error', () => undefined); // 'close' follows
    peer.on('ping', pinged);
    peer.on('message', (data: Buffer, isBinary) => {
      if (!isBinary && String(data) === 'ping') return pinged();
      const id = decodeValue(isBinary ? data : String(data));
      if (id === null) return;
      idle = 0;
      side.received.push(id);
      say();
      if (side.received.length === this.#values && connection < this.#endedByClient) peer.close(1012, 'enough');
    });
    for (let count = 0; count < 3; count++) say();
  }
}

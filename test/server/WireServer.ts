import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import type { Reply, Request } from './protocol.js';
import { WirePeer } from './WirePeer.js';
import { WireProxy } from './WireProxy.js';

/** A long poll that nothing answers ends with an error that says what was seen. */
const waitLimit = 8_000;
/** Milliseconds after which a peer that its test has forgotten is removed. */
const peerLifetime = 60_000;

export interface WireServer {
  url: string;
  close(): Promise<void>;
}

/**
 * Starts a WebSocket server that can break every rule of the protocol.
 *
 * Opening handshakes to `/peer/<id>` are answered with raw bytes on the TCP socket; a `POST /control` orders a peer to act, or waits for
 * what it sees, so that a test in a page and a test in Node drive it alike.
 */
export async function startWireServer(): Promise<WireServer> {
  const peers = new Map<string, WirePeer>();
  const proxies = new Map<string, WireProxy>();
  const sockets = new Set<Socket>();

  const server = createServer((request, response) => void answer(request, response));
  server.keepAliveTimeout = peerLifetime; // else a pooled control connection may end just when the next request is written to it
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, early: Buffer) => {
    if (early.length > 0) socket.unshift(early);
    const peer = peers.get(/^\/peer\/([^/?]+)/.exec(request.url ?? '')?.[1] ?? '');
    if (peer) peer.accept(socket, request);
    else socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Private-Network', 'true');
    response.setHeader('Cache-Control', 'no-store');
    if (request.method !== 'POST') {
      response.writeHead(204, { 'Access-Control-Allow-Methods': 'POST', 'Access-Control-Allow-Headers': '*' }).end();
      return;
    }
    let reply: Reply;
    try {
      reply = { value: (await handle(JSON.parse(await bodyOf(request)) as Request)) ?? null };
    } catch (error) {
      reply = { error: error instanceof Error ? error.message : String(error) };
    }
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(reply));
  }

  async function handle(request: Request): Promise<unknown> {
    if (request.op === 'make') {
      const id = randomUUID();
      const peer = new WirePeer(request.behaviours);
      peers.set(id, peer);
      setTimeout(() => dispose(id), peerLifetime).unref();
      return { id, url: `ws://127.0.0.1:${port}/peer/${id}` };
    }
    if (request.op === 'closed-port') return closedPort();
    if (request.op === 'dispose') {
      dispose(request.peer);
      return undefined;
    }
    const peer = peers.get(request.peer);
    if (!peer) throw new Error('no such peer');
    switch (request.op) {
      case 'do':
        peer.perform(request.connection, request.actions);
        return undefined;
      case 'wait': return peer.wait(request.connection, request.wait, waitLimit);
      case 'logs': return peer.logs();
      case 'most-alive': return peer.mostAlive;
      case 'proxy': return `ws://127.0.0.1:${(await proxyOf(request.peer)).port}/peer/${request.peer}`;
      case 'stall': return proxies.get(request.peer)?.stall();
    }
  }

  async function proxyOf(id: string): Promise<WireProxy> {
    const proxy = proxies.get(id) ?? (await WireProxy.to(port));
    proxies.set(id, proxy);
    return proxy;
  }

  function dispose(id: string): void {
    peers.get(id)?.dispose();
    peers.delete(id);
    proxies.get(id)?.dispose();
    proxies.delete(id);
  }

  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => {
      for (const id of [...peers.keys()]) dispose(id);
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** A port without a listener: one that was free a moment ago. */
function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createTcpServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

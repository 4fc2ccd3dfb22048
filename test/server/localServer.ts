import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach } from 'vitest';
import { WebSocketServer } from 'ws';

/** A plain `ws` server on loopback for each test of a block; the connections that a test leaves are cut. */
export function localServer(): { readonly server: WebSocketServer; readonly url: string } {
  let server: WebSocketServer;
  beforeEach(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
  });
  afterEach(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  return {
    get server() {
      return server;
    },
    get url() {
      return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
  };
}

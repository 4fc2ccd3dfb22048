import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { webSocket, type SocketEvent } from '../../src/index.js';

let server: WebSocketServer;
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: true });
  await once(server, 'listening');
});
afterEach(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

it.each([
  [undefined, ''],
  [{ handshakeTimeout: 1_000 }, ''],
  [{ perMessageDeflate: true }, 'permessage-deflate'],
  [() => ({ perMessageDeflate: { threshold: 0 } }), 'permessage-deflate'],
])('S15: ws offers compression only where transportOptions ask for it: %o', async (transportOptions, extensions) => {
  const accepted = once(server, 'connection') as Promise<[WebSocket]>;
  const socket = webSocket({ url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, transportOptions });
  const opened = new Promise<Extract<SocketEvent<unknown>, { type: 'open' }>>((resolve) => socket.events.subscribe((event) => event.type === 'open' && resolve(event)));
  const [peer] = await accepted;
  expect(peer.extensions).toBe(extensions);
  expect((await opened).extensions).toBe(extensions);
  socket.unsubscribe();
});

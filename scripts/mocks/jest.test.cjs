// jest-websocket-mock replaces the global WebSocket; the jsdom environment of Jest resolves packages as browsers do.
const { WS } = require('jest-websocket-mock');
const { webSocket } = require(process.env.LIBRARY);

afterEach(() => WS.clean());

test('connects, sends, receives, and ends with the close of the server', async () => {
  const server = new WS('ws://localhost:1234', { jsonProtocol: true });
  const received = [];
  const socket = webSocket('ws://localhost:1234');
  const end = new Promise((resolve) => socket.subscribe({ next: (message) => received.push(message), error: resolve, complete: () => resolve('complete') }));
  socket.next({ a: 1 });
  await server.connected;
  await expect(server).toReceiveMessage({ a: 1 });
  server.send({ hi: 1 });
  server.close({ code: 1001, reason: 'bye', wasClean: true });
  expect(await end).toBe('complete');
  expect(received).toEqual([{ hi: 1 }]);
});

// A server in its own process that accepts a number of connections a second and answers the rest with 503. It restarts or drops all connections on request.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const rate = Number(process.argv[2]);
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let http;
let port = 0;
let isLimited = false;
// As in the simulation, a server below its rate accumulates capacity, up to that of a tenth of a second.
const most = Math.max(1, rate / 10);
let capacity = most;
let filledAt = performance.now();

const accepts = () => {
  const now = performance.now();
  capacity = Math.min(most, capacity + ((now - filledAt) * rate) / 1_000);
  filledAt = now;
  if (isLimited && capacity < 1) return false;
  capacity--;
  return true;
};

const listen = async () => {
  http = createServer((_, response) => response.writeHead(426).end());
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {});
    if (accepts()) sockets.handleUpgrade(request, socket, head, (client) => client.on('error', () => {}));
    else socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  await new Promise((resolve) => http.listen({ port, host: '127.0.0.1', backlog: 4_096 }, resolve));
  ({ port } = http.address());
};

const storm = async ({ code, reason, downFor }) => {
  isLimited = true;
  http.close();
  for (const client of sockets.clients) {
    if (code === 1006) client.terminate();
    else client.close(code, reason);
  }
  if (downFor > 0) {
    await pause(downFor);
    // A restart ends connections whose closing handshake has not finished by now.
    for (const client of sockets.clients) client.terminate();
  }
  await listen();
};

process.on('message', async (message) => {
  const began = performance.now();
  if (message.type === 'storm') await storm(message);
  if (message.type === 'unlimit') isLimited = false;
  process.send({ type: message.type, took: performance.now() - began });
});
process.on('disconnect', () => process.exit());

await listen();
process.send({ type: 'listening', port });

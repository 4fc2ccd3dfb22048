// A server in a process of its own that takes so many connections a second, answers the rest with 503, and restarts or drops when told to.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const rate = Number(process.argv[2]);
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let http;
let port = 0;
let isLimited = false;
// As in the simulation, a server below its rate saves up what it takes in a tenth of a second.
const most = Math.max(1, rate / 10);
let capacity = most;
let filledAt = performance.now();

const takes = () => {
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
    if (takes()) sockets.handleUpgrade(request, socket, head, (client) => client.on('error', () => {}));
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
    // A restart ends what the closing handshake has not ended by now.
    for (const client of sockets.clients) client.terminate();
  }
  await listen();
};

process.on('message', async (message) => {
  const began = performance.now();
  if (message.type === 'storm') await storm(message);
  if (message.type === 'free') isLimited = false;
  process.send({ type: message.type, took: performance.now() - began });
});
process.on('disconnect', () => process.exit());

await listen();
process.send({ type: 'listening', port });

// Serves the pages of a build (`dist/app` by default) and the live quotes, on one port of loopback. Prints the address.
//
//   node server/start.mjs [port] [folder of dist]
//
// For the checks: the messages of a parent process name what the server shall do to its connections, and each is answered with what it has seen.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { WebSocketServer } from 'ws';

const [port = '4200', build = 'app'] = process.argv.slice(2);
const dist = fileURLToPath(new URL(`../dist/${build}/`, import.meta.url));
const serverFile = join(dist, 'server/server.mjs');
const render = existsSync(serverFile) ? (await import(pathToFileURL(serverFile).href)).reqHandler : undefined;
const types = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html' };

const seen = { quotes: 0, clocks: 0, tokens: 0, renders: 0, closes: [] };
let tokens = new Set();
let answers = true;

const http = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
  const file = join(dist, 'browser', path);
  if (request.method === 'POST' && path === '/api/token') {
    let body = '';
    request.on('data', (chunk) => (body += chunk)).on('end', () => {
      const token = `${JSON.parse(body).user}-${++seen.tokens}`;
      tokens.add(token);
      response.end(token);
    });
  } else if (extname(file) in types && file.startsWith(dist) && existsSync(file) && statSync(file).isFile()) {
    response.setHeader('content-type', types[extname(file)]);
    createReadStream(file).pipe(response);
  } else if (render) {
    seen.renders += 1;
    render(request, response, () => response.writeHead(404).end());
  } else {
    response.setHeader('content-type', 'text/html');
    createReadStream(join(dist, 'browser/index.html')).pipe(response);
  }
});

const quotes = new WebSocketServer({ noServer: true, handleProtocols: () => 'quotes.v1' });
quotes.on('connection', (socket, { headers }) => {
  seen.quotes += 1;
  const token = /bearer\.(?<token>[^\s,]+)/.exec(headers['sec-websocket-protocol'])?.groups.token;
  socket.on('close', (code) => seen.closes.push(code));
  if (token?.startsWith('mallory')) socket.close(4403, 'not your quotes');
  else if (!tokens.has(token)) socket.close(4401, 'token expired');
  socket.on('message', () => socket.send('{"op":"pong"}'));
});
const clock = new WebSocketServer({ noServer: true });
clock.on('connection', (socket) => {
  seen.clocks += 1;
  socket.send(JSON.stringify('twelve'));
});
http.on('upgrade', (request, stream, head) => {
  if (answers === 'refuse') stream.destroy();
  if (answers !== true) return;
  const server = request.url.startsWith('/clock') ? clock : quotes;
  server.handleUpgrade(request, stream, head, (socket) => server.emit('connection', socket, request));
});

const prices = { EURUSD: 1.08, GBPUSD: 1.27, USDJPY: 149.5 };
setInterval(() => {
  for (const [symbol, price] of Object.entries(prices)) {
    prices[symbol] = Number((price * (1 + (Math.random() - 0.5) / 1_000)).toFixed(4));
    for (const socket of quotes.clients) socket.send(JSON.stringify({ op: 'quote', symbol, price: prices[symbol] }));
  }
}, 200).unref();

const actions = {
  close: (code, reason) => quotes.clients.forEach((socket) => socket.close(code, reason)),
  drop: () => quotes.clients.forEach((socket) => socket.terminate()),
  expire: () => (tokens = new Set()),
  silence: () => quotes.clients.forEach((socket) => socket.pause()),
  // Corked, so that they leave in one write: a browser takes what has arrived in one task.
  burst: (count) =>
    quotes.clients.forEach((socket) => {
      socket._socket.cork();
      for (let i = 0; i < count; i++) socket.send(JSON.stringify({ op: 'quote', symbol: 'BURST', price: i }));
      socket._socket.uncork();
    }),
  answer: (isAnswering) => (answers = isAnswering),
  look: () => undefined,
};
process.on('message', ({ action, args = [] }) => {
  actions[action](...args);
  process.send({ ...seen, open: quotes.clients.size });
});
process.on('disconnect', () => process.exit());

http.listen(Number(port), '127.0.0.1', () => console.log(`http://localhost:${http.address().port}`));

import { createServer } from 'node:http';
import { extname } from 'node:path';

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */

/** @type {Record<string, string>} */
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8' };
const maxBody = 4_096; // characters

/**
 * Serves the page, issues tokens, handles the requests of the page, and passes handshakes to the gateway.
 * @param {{ page: Map<string, string | Uint8Array>, gateway: import('./Gateway.mjs').Gateway }} parts
 */
export function createWebServer({ page, gateway }) {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => json(response, 400, { problem: 'The server could not read that request.' }));
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const url = urlOf(request);
    if (url?.pathname === '/quotes' && isOwn(request)) gateway.upgrade(request, socket, head, url);
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  return server;

  /** @param {Request} request @param {Response} response */
  async function answer(request, response) {
    const url = urlOf(request);
    if (!url || !isOwn(request)) return json(response, 403, { problem: 'Only the page of this server may ask.' });
    const client = url.searchParams.get('client');
    if (request.method === 'POST' && client !== null) {
      if (url.pathname === '/token') return json(response, 200, { token: gateway.newToken(client) });
      if (url.pathname === '/act') {
        const result = gateway.act(client, JSON.parse(await bodyOf(request)));
        return json(response, 'problem' in result ? 422 : 200, result);
      }
    }
    const path = url.pathname === '/' ? '/index.html' : url.pathname;
    const file = request.method === 'GET' ? page.get(path) : undefined;
    if (file === undefined) return json(response, 404, { problem: 'There is nothing here.' });
    response.writeHead(200, {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'self'; img-src 'self' data:; connect-src 'self' ws://127.0.0.1:* ws://localhost:*",
    });
    response.end(file);
  }
}

/** @param {Request} request @returns {URL | null} */
function urlOf(request) {
  const url = `http://${request.headers.host ?? ''}${request.url ?? '/'}`;
  return URL.canParse(url) ? new URL(url) : null;
}

/**
 * Returns whether the request comes from our own page. Pages of other origins, or of other names for this address, must not control the server.
 * @param {Request} request
 */
function isOwn({ headers: { host = '', origin } }) {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host) && (origin === undefined || origin === `http://${host}`);
}

/** @param {Request} request */
async function bodyOf(request) {
  let body = '';
  for await (const part of request.setEncoding('utf8')) {
    body += String(part);
    if (body.length > maxBody) throw new Error('The body is too long.');
  }
  return body;
}

/** @param {Response} response @param {number} status @param {object} value */
function json(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}

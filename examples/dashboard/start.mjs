// `npm start`: builds the page in memory, serves it and its quotes on 127.0.0.1, and stops on Ctrl-C. PORT sets the port; QUOTES_PER_SECOND makes
// a fast feed with one message per quote.
import process from 'node:process';
import { buildPage } from './server/buildPage.mjs';
import { Feed } from './server/Feed.mjs';
import { Gateway } from './server/Gateway.mjs';
import { createWebServer } from './server/createWebServer.mjs';
import { shutDown } from './server/shutDown.mjs';

const host = '127.0.0.1';

const port = Number(process.env['PORT'] ?? 0);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  fail(`PORT must be a whole number from 0 to 65535, not "${process.env['PORT'] ?? ''}".`);
}

const asked = process.env['QUOTES_PER_SECOND'];
const perSecond = asked === undefined ? undefined : Number(asked);
if (perSecond !== undefined && !(perSecond > 0 && perSecond <= 1_000_000)) fail(`QUOTES_PER_SECOND must be more than 0 and at most 1000000, not "${asked ?? ''}".`);

const feed = new Feed(perSecond);
const gateway = new Gateway(feed);
const server = createWebServer({ page: await buildPage(), gateway });

server.once('error', (/** @type {NodeJS.ErrnoException} */ problem) => {
  fail(problem.code === 'EADDRINUSE' ? `Port ${port} is taken. Leave PORT out, and a free one is used.` : problem.message);
});
server.listen(port, host, () => {
  const { port: actual } = /** @type {import('node:net').AddressInfo} */ (server.address());
  feed.start();
  console.log(`Live quotes over websocket-subject: http://${host}:${actual}/  (Ctrl-C stops it)`);
});

// A Ctrl-C under npm arrives twice, from the terminal and from npm, so every signal after the first is ignored.
let stopping = false;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void shutDown({ feed, gateway, server }).then(() => process.exit(0));
  });
}

/** @param {string} sentence @returns {never} */
function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

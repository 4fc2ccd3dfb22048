// One client in a process of its own: node client.mjs <attack> <transport> <url> <milliseconds> [lifted]. Reports to its parent what the attack has cost it.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { WebSocket as UndiciWebSocket } from 'undici';
import { attacks } from './attacks.mjs';

const [name, transport, url, limit, options] = process.argv.slice(2);
const constructors = { ws: {}, undici: { WebSocketCtor: UndiciWebSocket }, own: { WebSocketCtor: globalThis.WebSocket } };

const uncaught = [];
process.on('uncaughtException', (error) => uncaught.push(String(error?.stack ?? error)));
process.on('unhandledRejection', (error) => uncaught.push(String(error?.stack ?? error)));

const keys = Object.getOwnPropertyNames(Object.prototype).length;
const delays = monitorEventLoopDelay({ resolution: 10 });
delays.enable();
const started = performance.now();
const { client, lifted } = attacks[name];
const tooLong = new Promise((resolve) => setTimeout(resolve, Number(limit), `not over in ${limit} ms`).unref());
const outcome = await Promise.race([tooLong, client({ url, closeTimeout: 500, ...constructors[transport], ...(options === 'lifted' && lifted) })]);
const time = performance.now() - started;
// What goes on after the end counts, too.
await new Promise((resolve) => setTimeout(resolve, 300));
delays.disable();
if (Object.getOwnPropertyNames(Object.prototype).length !== keys) uncaught.push('Object.prototype has changed');
process.send({ outcome, time, delay: delays.max / 1e6, peak: process.resourceUsage().maxRSS / 1_000, uncaught }, () => process.exit());

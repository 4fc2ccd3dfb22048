/* global document, location, MutationObserver, PerformanceObserver, requestAnimationFrame -- some of these functions run in the page */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../../test/setup/findChromium.mjs';
import { openChromium } from '../openChromium.mjs';

const perSecond = 50_000;
const seconds = 10;
const runs = 3;

/** Starts the server of the demo with a fast feed, in its own process. */
async function startDemo() {
  const child = spawn(process.execPath, ['examples/dashboard/start.mjs'], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    env: { ...process.env, QUOTES_PER_SECOND: String(perSecond) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const url = await Promise.race([
    new Promise((resolve) => {
      let output = '';
      child.stdout.on('data', (text) => {
        const named = /http:\/\/127\.0\.0\.1:\d+\//.exec((output += text));
        if (named) resolve(named[0]);
      });
    }),
    ended.then(([code, signal]) => Promise.reject(new Error(`the demo has ended with ${signal ?? code}`))),
  ]);
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Runs in the page before its own scripts: counts frames, renders per frame, and long tasks. */
function watch() {
  const seen = { frames: 0, renders: 0, rendersInFrame: 0, mostInFrame: 0, frameAt: 0, longestGap: 0, tasks: [] };
  globalThis.seen = seen;
  const frame = (now) => {
    seen.mostInFrame = Math.max(seen.mostInFrame, seen.rendersInFrame);
    if (seen.frames > 0) seen.longestGap = Math.max(seen.longestGap, now - seen.frameAt);
    Object.assign(seen, { frames: seen.frames + 1, rendersInFrame: 0, frameAt: now });
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  // Called once for each task or frame that has changed the board or the counter of received quotes.
  const observer = new MutationObserver(() => {
    seen.renders++;
    seen.rendersInFrame++;
  });
  document.addEventListener('DOMContentLoaded', () => {
    for (const id of ['board', 'feed-note']) observer.observe(document.getElementById(id), { subtree: true, childList: true, characterData: true, attributes: true });
  });
  new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
}

/** Resets the counters; returns the time and the number of quotes that the page has received. */
function begin() {
  Object.assign(globalThis.seen, { frames: 0, renders: 0, rendersInFrame: 0, mostInFrame: 0, longestGap: 0, tasks: [] });
  return [performance.now(), Number.parseInt(document.getElementById('feed-note').textContent.replaceAll(',', ''), 10)];
}

function end() {
  const received = Number.parseInt(document.getElementById('feed-note').textContent.replaceAll(',', ''), 10);
  return { ...globalThis.seen, at: performance.now(), received };
}

const untilOpen = async (page) => {
  for (let isOpen = false; !isOpen; ) {
    await wait(100);
    isOpen = await page.evaluate(() => document.getElementById('headline')?.textContent === 'Open');
  }
};

/** Runs the page of the demo and returns the counters. */
async function runDemo(launch, url) {
  const page = await openChromium(launch);
  try {
    await page.send('Page.enable');
    await page.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${watch})()` });
    await page.send('Page.navigate', { url });
    await untilOpen(page);
    await wait(3_000); // warm-up: compilation, and the first draws
    const [begunAt, before] = await page.evaluate(begin);
    await wait(seconds * 1_000);
    const seen = await page.evaluate(end);
    const took = (seen.at - begunAt) / 1_000;
    return { ...seen, version: page.version, perSecond: (seen.received - before) / took, framesPerSecond: seen.frames / took };
  } finally {
    await page.stop();
  }
}

/** Returns the messages per second in a page that only parses and counts them: the limit of this Chromium on this machine. */
async function runBare(launch, url) {
  const page = await openChromium(launch);
  try {
    await page.send('Page.navigate', { url: `${url}nothing` });
    await wait(500);
    await page.evaluate(async () => {
      const { token } = await (await fetch('/token?client=bare', { method: 'POST' })).json();
      const socket = new WebSocket(`ws://${location.host}/quotes?client=bare`);
      globalThis.received = 0;
      socket.onopen = () => {
        socket.send(JSON.stringify({ op: 'login', token }));
        for (const symbol of ['EURUSD', 'GBPUSD', 'USDJPY', 'USDCHF', 'AUDUSD', 'USDCAD', 'NZDUSD', 'EURGBP']) socket.send(JSON.stringify({ op: 'watch', symbol, since: null }));
      };
      socket.onmessage = ({ data }) => (globalThis.received += JSON.parse(data).op === 'quote' ? 1 : 0);
    });
    await wait(3_000);
    const count = () => page.evaluate(() => [performance.now(), globalThis.received]);
    const [begunAt, before] = await count();
    await wait((seconds * 1_000) / 2);
    const [endedAt, after] = await count();
    return ((after - before) / (endedAt - begunAt)) * 1_000;
  } finally {
    await page.stop();
  }
}

const whole = (value) => Math.round(value).toLocaleString('en');

export default {
  title: 'The demo',
  text: `The page of the demo in Chromium. Its server sends ${whole(perSecond)} messages per second, each with one quote, for ${seconds} s after a warm-up of 3 s. A render is a task or a frame that has changed the board or the counter of received quotes; a long task takes more than 50 ms of the main thread. The bare page parses and counts the messages of a \`WebSocket\` and draws nothing: if it receives fewer messages than are sent, that is the limit of this Chromium on this machine.`,
  async measure() {
    const launch = await findChromium();
    if (launch === undefined) return ['There was no Chromium that could run.'];
    const demo = await startDemo();
    const lines = ['| run | messages/s in a bare page | messages/s in the demo | frames/s | renders | most renders in a frame | longest time between frames | long tasks | longest task |', '|---|---|---|---|---|---|---|---|---|'];
    let version;
    try {
      for (let n = 1; n <= runs; n++) {
        const bare = await runBare(launch, demo.url);
        const seen = await runDemo(launch, demo.url);
        ({ version } = seen);
        const longest = seen.tasks.length === 0 ? '–' : `${whole(Math.max(...seen.tasks))} ms`;
        lines.push(`| ${n} | ${whole(bare)} | ${whole(seen.perSecond)} | ${whole(seen.framesPerSecond)} | ${whole(seen.renders)} | ${seen.mostInFrame} | ${whole(seen.longestGap)} ms | ${seen.tasks.length} | ${longest} |`);
      }
    } finally {
      await demo.stop();
    }
    return [`${version}.`, '', ...lines];
  },
};

/**
 * Builds the Angular example with the library as it would be published, runs its unit tests, and drives it in a real Chromium, with server rendering, and under
 * zone.js. Applications of the CLI 20 and 21 install the packed package and build. Takes some minutes. It needs no Node but the one that runs it: that of Angular 22
 * is fetched by npx.
 *
 *   node scripts/check-angular.mjs           everything
 *   node scripts/check-angular.mjs --drive   only drives what was built before
 */
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { findChromium } from '../test/setup/findChromium.mjs';
import { checkAngularConsumers, testingCodeIn } from './checkAngularConsumers.mjs';
import { check, finishChecks } from './checks.mjs';
import { root } from './packPackage.mjs';
import { run } from './run.mjs';

const example = join(root, 'examples/angular');
const node24 = ['-y', '-p', 'node@24'];
const inExample = (...command) => run('npx', [...node24, ...command], { cwd: example, env: { NG_CLI_ANALYTICS: 'false' } });

const expect = (actual, expected) => {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`it is ${a}, not ${b}`);
};

if (!process.argv.includes('--drive')) {
  if (!existsSync(join(root, 'dist/angular/index.js'))) throw new Error('dist is missing: run `npm run build` first');
  await check('npm ci', () => inExample('npm', 'ci', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'));
  for (const configuration of ['production', 'zone']) {
    await check(`production build without warnings: ${configuration}`, async () => {
      const said = await inExample('ng', 'build', '--configuration', configuration);
      if (/warning/i.test(said)) throw new Error(said);
      console.log(said.match(/Initial total.*/)?.[0]);
    });
  }
  await check('unit tests', () => inExample('ng', 'test'));
  await check('nothing of the testing entries is in the pages', async () => {
    for (const build of ['app', 'zone']) expect(await testingCodeIn(join(example, 'dist', build, 'browser')), []);
  });
  await checkAngularConsumers(check);
}

/** Starts the server of the example on a free port. `act` makes it do something, and resolves to what it has seen. */
async function startServer(build) {
  const node = (await inExample('node', '-p', 'process.execPath')).trim();
  const child = spawn(node, ['server/start.mjs', '0', build], { cwd: example, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const [line] = await once(child.stdout, 'data');
  return {
    url: String(line).trim(),
    async act(action, ...args) {
      child.send({ action, args });
      return (await once(child, 'message'))[0];
    },
    stop: () => child.kill(),
  };
}

const browser = await chromium.launch(await findChromium());
const problems = [];
async function open(url) {
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(url);
  return page;
}
const status = (page, text) => page.locator('#status', { hasText: text }).waitFor();
const click = (page, id) => page.locator(id).click();

const checkRender = (label, { act, url }) =>
  check(`a server render ends within a second, and connects nowhere: ${label}`, async () => {
    for (const isWarm of [false, true]) {
      const started = performance.now();
      const html = await (await fetch(url)).text();
      const ms = performance.now() - started;
      for (const text of ['Not connected', 'No quotes yet', 'idle no time yet']) if (!html.includes(text)) throw new Error(`no '${text}' in ${html}`);
      if (isWarm && ms > 1_000) throw new Error(`it took ${ms} ms`);
    }
    const { quotes, clocks, renders } = await act('look');
    expect([quotes, clocks, renders], [0, 0, 2]);
  });
const expectQuietConsole = () => expect(problems.splice(0).filter((text) => !/WebSocket connection to/.test(text)), []);

async function drive() {
  const server = await startServer('app');
  const { act, url } = server;
  try {
    await checkRender('zoneless', server);
    const page = await open(url);
    await check('hydrated, it connects only after a login', async () => {
      await status(page, 'Not connected');
      expect((await act('look')).quotes, 0);
      await click(page, '#login');
      await status(page, 'Live');
      await page.locator('.price').nth(2).waitFor();
      expect((await act('look')).quotes, 1);
    });
    await check('three routes share one connection', async () => {
      for (const [link, selector] of [['Total', '#count'], ['Last message', '#last'], ['Quotes', '.price']]) {
        await page.getByRole('link', { name: link }).click();
        await page.locator(selector).first().waitFor();
      }
      const { quotes, open: connections } = await act('look');
      expect([quotes, connections], [1, 1]);
    });
    await check('500 messages at once are at most 20 renders', async () => {
      await page.evaluate(() => {
        globalThis.renders = 0;
        new globalThis.MutationObserver(() => globalThis.renders++).observe(globalThis.document.querySelector('app-board'), { subtree: true, childList: true, characterData: true });
      });
      await act('burst', 500);
      await page.locator('td', { hasText: /^499$/ }).waitFor();
      const renders = await page.evaluate(() => globalThis.renders);
      if (renders < 1 || renders > 20) throw new Error(`${renders} renders`);
      console.log(`${renders} renders`);
    });
    await check('a restart of the server (1012): reason and countdown, then live again', async () => {
      const seconds = async () => Number(/Lost \(deploy\): next attempt in (\d+) s/.exec(await page.locator('#status').textContent())?.[1]);
      let first = 0;
      // By default the first wait is a random part of some seconds, so that clients do not all come back at once.
      while (first < 2) {
        await act('close', 1012, 'deploy');
        await status(page, /Lost \(deploy\)/);
        first = await seconds();
        if (first < 2) await status(page, 'Live');
      }
      while ((await seconds()) >= first) await page.waitForTimeout(50);
      await click(page, '#reconnect');
      await status(page, 'Live');
    });
    await check('an expired token (4401): a new one, then live again', async () => {
      const before = await act('expire');
      await act('close', 4401, 'token expired');
      while ((await act('look')).tokens === before.tokens) await page.waitForTimeout(20);
      await status(page, 'Live');
      expect((await act('look')).tokens, before.tokens + 1);
    });
    await check('Reconnect: replaces an open connection, and begins anew after a pause', async () => {
      const before = (await act('look')).quotes;
      await click(page, '#reconnect');
      while ((await act('look')).quotes === before) await page.waitForTimeout(20);
      await status(page, 'Live');
      await click(page, '#close');
      await status(page, 'Closed (paused)');
      await click(page, '#reconnect');
      await status(page, 'Live');
      const { quotes, open: connections } = await act('look');
      expect([quotes, connections], [before + 2, 1]);
    });
    await check('Reconnect during a wait connects at once', async () => {
      await act('answer', 'refuse');
      await act('drop');
      await status(page, /next attempt in [2-9]/);
      await act('answer', true);
      await click(page, '#reconnect');
      await status(page, 'Live');
    });
    await check('a logout during a wait: no socket, no attempt any more', async () => {
      await act('answer', 'refuse');
      await act('drop');
      await status(page, 'Lost');
      const before = await act('answer', true);
      await click(page, '#logout');
      await status(page, 'Not connected');
      await page.waitForTimeout(2_000);
      expect((await act('look')).quotes, before.quotes);
    });
    await check('a user who may not (4403): the reason is shown; a logout, and the next login is live', async () => {
      await click(page, '#login-refused');
      await status(page, 'Closed (not your quotes)');
      await click(page, '#logout');
      await status(page, 'Not connected');
      await click(page, '#login');
      await status(page, 'Live');
      await click(page, '#logout');
      while ((await act('look')).open > 0) await page.waitForTimeout(20);
      expect((await act('look')).closes.at(-1), 1000);
    });
    await check('a socket in a dehydrated block connects when it is hydrated', async () => {
      expect((await act('look')).clocks, 0);
      await click(page, '#clock');
      await page.locator('#clock', { hasText: 'open twelve' }).waitFor();
      expect((await act('look')).clocks, 1);
    });
    await check('the console has no error and no warning', expectQuietConsole);
  } finally {
    server.stop();
  }
}

async function driveWithZone() {
  const server = await startServer('zone');
  const { act, url } = server;
  try {
    await checkRender('under zone.js', server);
    const page = await open(url);
    const stable = async () => {
      const isStable = await page.evaluate(() => Promise.race([globalThis.whenStable().then(() => true), new Promise((resolve) => setTimeout(() => resolve(false), 1_000))]));
      if (!isStable) throw new Error('it is not stable within a second');
    };
    const zone = (label, work) => check(`under zone.js it is stable ${label}`, async () => {
      await work();
      await stable();
    });
    await zone('while open, with a heartbeat', async () => {
      await click(page, '#login');
      await status(page, 'Live');
    });
    await zone('when a click has reconnected it', async () => {
      const before = (await act('look')).quotes;
      await click(page, '#reconnect');
      while ((await act('look')).quotes === before) await page.waitForTimeout(20);
      await status(page, 'Live');
    });
    await zone('while it is refused and waits', async () => {
      await act('answer', 'refuse');
      await act('drop');
      await status(page, /next attempt in [3-9]/);
    });
    await zone('while it connects', async () => {
      await act('answer', false);
      await click(page, '#reconnect');
      await status(page, 'Connecting');
    });
    await zone('while it closes towards a silent server', async () => {
      await act('answer', true);
      await click(page, '#reconnect');
      await status(page, 'Live');
      await act('silence');
      await click(page, '#close');
      await status(page, 'Closing');
    });
    await check('under zone.js the console has no error and no warning', expectQuietConsole);
  } finally {
    server.stop();
  }
}

try {
  await drive();
  await driveWithZone();
} finally {
  await browser.close();
}
finishChecks('checks of the Angular example');

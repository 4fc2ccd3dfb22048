import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium as browsers, type Browser, type Locator, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../setup/findChromium.mjs';
import { dist, serveSite } from './serveSite.js';

if (!existsSync(join(dist, 'index.html'))) throw new Error('there is no site: run `npm run site` first');

const filesOf = (extension: string): string[] =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/')).filter((name) => name.endsWith(extension));
const read = (file: string): string => readFileSync(join(dist, file), 'utf8');
const pages = filesOf('.html').filter((name) => name !== '404.html');

describe('the built site', () => {
  it('has links and anchors that are there', () => {
    const idsOf = new Map(pages.map((page) => [page, new Set([...read(page).matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id))]));
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/<(?:a|img|script|link)\b[^>]* (?:href|src)="([^"]*)"/g)].flatMap(([, target = '']) => {
        if (/^(?:https:|mailto:|data:)/.test(target)) return [];
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? page : path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(page), path);
        const place = file === '' || file.endsWith('/') ? `${file}index.html` : decodeURI(file);
        if (!existsSync(join(dist, place))) return [`${page}: ${target} is not there`];
        // VitePress gives the content an id when the page is shown.
        if (anchor === undefined || anchor === '' || anchor === 'VPContent') return [];
        return idsOf.get(place)?.has(decodeURIComponent(anchor)) ? [] : [`${page}: ${target} has no such heading`];
      }),
    );
    expect(broken).toEqual([]);
    expect(pages.length).toBeGreaterThan(45);
  });

  it('has llms.txt, and llms-full.txt with the text of every guide', () => {
    const [short, full] = [read('llms.txt'), read('llms-full.txt')];
    const guides = readdirSync(new URL('../../docs/guides', import.meta.url)).filter((name) => name.endsWith('.md'));
    expect(guides.filter((name) => !short.includes(`/guides/${name}`))).toEqual([]);
    const titles = guides.map((name) => /^# (.+)$/m.exec(readFileSync(new URL(`../../docs/guides/${name}`, import.meta.url), 'utf8'))?.[1] ?? name);
    expect(titles.filter((title) => !full.includes(`# ${title}`))).toEqual([]);
    expect(full).toContain('reconnectOnCode(');
  });
});

describe('in Chromium', async () => {
  const executable = await findChromium();
  let site: Awaited<ReturnType<typeof serveSite>>;
  let browser: Browser;
  let page: Page;
  let foreign: string[];
  let problems: string[];

  beforeAll(async () => {
    if (!executable) throw new Error('there is no Chromium');
    site = await serveSite();
    browser = await browsers.launch(executable);
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
  });
  beforeEach(async () => {
    page = await browser.newPage();
    [foreign, problems] = [[], []];
    page.on('request', (request) => {
      if (!request.url().startsWith(site.url) && !request.url().startsWith('data:')) foreign.push(request.url());
    });
    page.on('websocket', (socket) => foreign.push(socket.url()));
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
  });
  afterEach(async () => {
    await page.close();
    // Nothing of the network is needed to read it.
    expect(foreign).toEqual([]);
    expect(problems).toEqual([]);
  });

  let label = 'Reconnecting';
  const example = (): Locator => page.getByRole('region', { name: label });
  const stream = (): Promise<string[]> => example().getByRole('list', { name: 'socket.events' }).getByRole('listitem').allTextContents();
  const says = (text: string | RegExp): Promise<void> => expect.poll(() => example().getByRole('status').textContent(), { timeout: 30_000 }).toMatch(text);
  const press = (name: string): Promise<void> => example().getByRole('button', { name, exact: true }).click();
  const received = (): Promise<string[]> => example().locator('.received code').allTextContents();
  const states = (): Promise<string[]> => example().locator('.timeline i').evaluateAll((bars) => bars.map((bar) => bar.getAttribute('class') ?? ''));

  async function open(name = 'Reconnecting'): Promise<void> {
    label = name;
    await page.goto(`${site.url}try.html`);
    await says('open');
  }

  it.each(['', 'try.html', 'guides/connect.html', 'config.html'])('axe finds nothing in the content of /%s, in light and in dark', async (path) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${site.url}${path}`);
      // VitePress's own: navigation, outline, and the pale name of a code block's language. The first column of our tables needs no header.
      const { violations } = await new AxeBuilder({ page }).include('#VPContent').exclude('.VPDocAside').exclude('.VPDocFooter').exclude('.lang').disableRules('empty-table-header').setLegacyMode().analyze();
      expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`)), colorScheme).toEqual([]);
    }
  });

  it('finds a page by a word', async () => {
    await page.goto(site.url);
    await page.getByRole('button', { name: /search/i }).first().click();
    await page.getByRole('searchbox').fill('backpressure');
    await expect.poll(() => page.locator('.VPLocalSearchBox .result').count()).toBeGreaterThan(0);
    expect(await page.locator('.VPLocalSearchBox .result').first().textContent()).toMatch(/backpressure/i);
  });

  it('1012: the stream says reconnecting, the status counts down, and skipping the wait opens the next connection', async () => {
    await open();
    await press('sends a price');
    await press('1012');
    await says(/waiting, 1[67]\.\d s left.*1012 Service Restart/);
    expect(await stream()).toEqual(['reconnecting in 17.5 s, after 1012 clean', 'message {"price":1.09}', 'open', 'connecting, attempt 0']);
    await press('skips the wait');
    await says('open');
    expect((await stream()).slice(0, 2)).toEqual(['open', 'connecting, attempt 1']);
    expect(await states()).toEqual(expect.arrayContaining(['connecting', 'open', 'waiting']));
    expect((await states()).at(-1)).toBe('open');
  });

  it('1012 with a hint waits as long as the server asks', async () => {
    await open();
    await press('1012, retry-after=3');
    await says(/waiting, [23]\.\d s left/);
    await says('open');
  });

  it('drop: reconnects by itself', async () => {
    await open();
    await press('drop');
    await expect.poll(stream).toContain('connecting, attempt 1');
    await says('open');
    expect(await stream()).toContain('reconnecting in 0.5 s, after 1006 unclean');
  });

  it('4401: stops with a clean close, and a new subscription is a new session', async () => {
    await open();
    await press('4401');
    await says(/closed 4401 private use/);
    expect((await stream()).slice(0, 2)).toEqual(['complete', 'close 4401 expired clean']);
    expect((await states()).at(-1)).toBe('closed');
    await press('subscribes again');
    await says('open');
  });

  it('refuse: every attempt ends as 1006 until the server is up', async () => {
    await open();
    await press('refuse');
    await expect.poll(stream, { timeout: 30_000 }).toContain('connecting, attempt 1');
    await expect.poll(async () => (await stream()).filter((line) => line.includes('after 1006 unclean')).length, { timeout: 30_000 }).toBeGreaterThan(1);
    await press('is up');
    await press('skips the wait');
    await says('open');
  });

  it('offline: a drop waits without an end, and the network ends it', async () => {
    await open();
    await press('goes offline');
    await press('drop');
    await says('waiting: offline');
    await press('goes online');
    await says('open');
  });

  it('a login comes first, and values wait for it, after a drop too', async () => {
    await open('Logging in');
    await expect.poll(stream).toContain('message {"op":"welcome"}');
    await press('drop');
    await says(/waiting/);
    await press('sends a value');
    await press('sends a value');
    await says(/2 waiting to be sent/);
    await expect.poll(received, { timeout: 30_000 }).toEqual(['{"op":"login"}', '{"value":1}', '{"value":2}']);
    expect((await stream())[0]).toBe('message {"op":"welcome"}');
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 360, height: 780 });
    await open();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
});

import { chromium as browsers, type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { Received } from './Received.js';
import { startDemo, type Demo } from './startDemo.js';

/** The visible parts of the page, and the quotes that it has received. */
export interface Dashboard {
  page: Page;
  headline: Locator;
  detail: Locator;
  countdown: Locator;
  connect: Locator;
  caughtUp: Locator;
  roundTrip: Locator;
  lastEnd: Locator;
  received: Received;
  button(name: string): Locator;
  /** Returns the positions and sizes of all elements. */
  places(): Promise<string>;
  /** Makes the server act on the connection of this page, even if the page is offline. */
  server(act: object): Promise<void>;
  /** Waits for a headline. */
  says(headline: string): Promise<void>;
  /** Waits for a new quote. */
  newQuote(): Promise<void>;
  /** Closes the page, and checks that it has logged no errors. */
  close(): Promise<void>;
}

/** Browsers log every refused or dropped connection; a page cannot prevent that. */
const fromTheNetwork = /WebSocket connection to|Failed to load resource/;

/** Polls until the expectation holds. */
export const eventually = <T>(read: () => T | Promise<T>): ReturnType<typeof expect.poll<T>> => expect.poll(read, { timeout: 30_000 });

export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Dashboard> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 840 }, ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  const received = new Received();
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !fromTheNetwork.test(message.text())) errors.push(message.text());
  });
  let client = '';
  page.on('websocket', (socket) => {
    client = new URL(socket.url()).searchParams.get('client') ?? '';
    socket.on('framereceived', ({ payload }) => received.add(String(payload)));
  });
  await page.goto(url);

  const headline = page.locator('#headline');
  return {
    page,
    headline,
    detail: page.locator('#detail'),
    countdown: page.getByRole('timer'),
    connect: page.locator('#connect'),
    caughtUp: page.locator('#caught-up'),
    roundTrip: page.locator('#round-trip'),
    lastEnd: page.locator('#log li').first(),
    received,
    button: (name) => page.getByRole('button', { name }),
    places: () =>
      page.evaluate(() =>
        JSON.stringify(
          [...document.querySelectorAll('section, button, input, h2, #board li')].map((each) => {
            const { x, y, width, height } = each.getBoundingClientRect();
            return [x + scrollX, getComputedStyle(each.closest('.status') ?? each).position === 'sticky' ? 0 : y + scrollY, width, height];
          }),
        ),
      ),
    server: async (act) => {
      const answer = await fetch(`${url}act?client=${client}`, { method: 'POST', body: JSON.stringify(act) });
      expect(answer.status).toBe(200);
    },
    says: (text) => eventually(() => headline.textContent()).toBe(text),
    newQuote: () => {
      const before = received.count;
      return eventually(() => received.count).toBeGreaterThan(before);
    },
    async close() {
      await context.close();
      expect(errors).toEqual([]);
    },
  };
}

/** Starts the demo for a suite, and opens a connected page with a first quote for each test. */
export function openPageEach(executable: Parameters<typeof browsers.launch>[0], opened: (seen: Dashboard, demo: Demo) => void): void {
  let demo: Demo;
  let browser: Browser;
  let seen: Dashboard;
  beforeAll(async () => {
    demo = await startDemo();
    browser = await browsers.launch(executable);
  });
  afterAll(async () => {
    await browser.close();
    expect(await demo.end('SIGINT')).toMatchObject({ code: 0, errors: '' });
  });
  beforeEach(async () => {
    seen = await openPage(browser, demo.url);
    opened(seen, demo);
    await seen.says('Open');
    await seen.newQuote();
  });
  afterEach(async () => {
    await seen.close();
  });
}

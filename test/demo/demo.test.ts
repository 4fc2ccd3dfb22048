import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium as browsers } from 'playwright';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { findChromium } from '../setup/findChromium.mjs';
import { groundOf, paleTexts } from './legibility.js';
import { eventually, openPage, openPageEach, type Dashboard } from './openPage.js';
import { Received } from './Received.js';
import { startDemo, type Demo } from './startDemo.js';

const chromium = await findChromium();
const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

describe('the process of the demo', () => {
  it('exits with code 0 on SIGINT and closes its clients with 1001', async () => {
    const demo = await startDemo();
    const client = new WebSocket(`${demo.url.replace('http', 'ws')}quotes?client=a`);
    const closed = once(client, 'close') as Promise<[number, Buffer]>;
    await once(client, 'open');

    const { code, errors } = await demo.end('SIGINT');
    const [closeCode, reason] = await closed;

    expect([code, errors]).toEqual([0, '']);
    expect([closeCode, String(reason)]).toEqual([1001, 'server stops']);
  });

  it('exits with code 0 on SIGTERM even if a client never answers', async () => {
    const demo = await startDemo();
    const client = new WebSocket(`${demo.url.replace('http', 'ws')}quotes?client=a`);
    await once(client, 'open');
    client.pause();

    expect(await demo.end('SIGTERM')).toMatchObject({ code: 0, errors: '' });
    client.terminate();
  });

  it('uses a free port if PORT is not set', async () => {
    const demos = [await startDemo(), await startDemo()];
    const [one, other] = await Promise.all(demos.map(({ url }) => fetch(url)));

    expect([one?.status, other?.status]).toEqual([200, 200]);
    expect(one?.url).not.toBe(other?.url);
    for (const demo of demos) await demo.end('SIGINT');
  });

  it('exits with a message if the port is taken or invalid', async () => {
    const demo = await startDemo();
    const { port } = new URL(demo.url);

    await expect(startDemo(port)).rejects.toThrow(`ended with 1: Port ${port} is taken.`);
    await expect(startDemo('many')).rejects.toThrow('PORT must be a whole number');
    await demo.end('SIGINT');
  });

  it('sends each quote in its own message, without a gap, if QUOTES_PER_SECOND is set', async () => {
    await expect(startDemo(undefined, 'many')).rejects.toThrow('QUOTES_PER_SECOND must be more than 0');
    const demo = await startDemo(undefined, '20000');
    const client = new WebSocket(`${demo.url.replace('http', 'ws')}quotes?client=a`);
    await once(client, 'open');
    const received = new Received();
    const sizes = new Set<number>();
    const enough = new Promise<void>((resolve) => {
      client.on('message', (data) => {
        const before = received.count;
        received.add(String(data));
        sizes.add(received.count - before);
        if (received.count > 5_000) resolve();
      });
    });
    client.send(JSON.stringify({ op: 'login', token: await tokenOf(demo, 'a') }));
    client.send('{"op":"watch","symbol":"EURUSD","since":null}');
    client.send('{"op":"watch","symbol":"USDJPY","since":null}');
    await enough;

    expect([...sizes].sort((a, b) => a - b)).toEqual([0, 1, expect.any(Number)]); // the welcome, quotes, and the past of each symbol
    expect(received.gaps()).toEqual([]);
    client.terminate();
    await demo.end('SIGINT');
  });

  it('closes with 4401 at a token that is not valid, and with 1008 at a request without a login', async () => {
    const demo = await startDemo();
    const closeAfter = async (message: object): Promise<number> => {
      const client = new WebSocket(`${demo.url.replace('http', 'ws')}quotes?client=a`);
      await once(client, 'open');
      client.send(JSON.stringify(message));
      const [code] = (await once(client, 'close')) as [number];
      return code;
    };
    const old = await tokenOf(demo, 'a');
    await tokenOf(demo, 'a');

    expect(await closeAfter({ op: 'login', token: old })).toBe(4401);
    expect(await closeAfter({ op: 'watch', symbol: 'EURUSD', since: null })).toBe(1008);
    await demo.end('SIGINT');
  });

  it('refuses requests from another origin', async () => {
    const demo = await startDemo();
    const foreign = { origin: 'https://elsewhere.example' };
    const answer = await fetch(`${demo.url}act?client=a`, { method: 'POST', body: '{"do":"restart"}', headers: foreign });
    const socket = new WebSocket(`${demo.url.replace('http', 'ws')}quotes?client=a`, { headers: foreign });
    const [refusal] = (await once(socket, 'error')) as [Error];

    expect(answer.status).toBe(403);
    expect(refusal.message).toContain('404');
    await demo.end('SIGINT');
  });
});

async function tokenOf(demo: Demo, client: string): Promise<string> {
  const answer = await fetch(`${demo.url}token?client=${client}`, { method: 'POST' });
  return ((await answer.json()) as { token: string }).token;
}

describe.runIf(chromium)('the page of the demo', () => {
  let seen: Dashboard;
  openPageEach(chromium, (page) => (seen = page));

  it('shows quotes as they arrive', async () => {
    const prices = seen.page.locator('#board .price');
    const before = await prices.allTextContents();

    await eventually(() => prices.allTextContents()).not.toEqual(before);
    expect(before).toHaveLength(8);
    expect(before.every((price) => /^\d+\.\d{3,5}$/.test(price))).toBe(true);
  });

  it('counts down after 1012, reconnects, and catches up the missed quotes', async () => {
    await seen.button('Close with 1012').click();
    await seen.says('Waiting for retry 1');
    expect(await seen.detail.textContent()).toBe('1012 Service Restart “restart”. The policy waits a random time, so not all pages return at once.');

    const left = async (): Promise<number> => Number.parseFloat((await seen.countdown.innerText()).replace(/\D+/, ''));
    const first = await left();
    await eventually(left).toBeLessThan(first);

    expect(await seen.page.locator('#board').getAttribute('data-live')).toBe('false');
    const facts = ['1012 Service Restart', '“restart”', 'clean', 'by: remote', 'The policy waits'];
    for (const fact of facts) expect(await seen.lastEnd.innerText()).toContain(fact);

    await seen.says('Open');
    await seen.newQuote();
    await eventually(() => seen.caughtUp.textContent()).toMatch(/^caught up \d+ quotes?$/);
    expect(seen.received.gaps()).toEqual([]);
  });

  it('stops at 4401, shows that, and reconnects with a new token', async () => {
    await seen.button('expire my token').click();
    await seen.says('Stopped: the token expired');
    expect(await seen.detail.textContent()).toBe('The server closed with 4401. The same token would be refused again, so the policy stopped.');
    for (const fact of ['4401', '“token expired”', 'clean', 'The policy stopped: the stream completed.']) {
      expect(await seen.lastEnd.innerText()).toContain(fact);
    }

    await seen.button('Get a new token and reconnect').click();
    await seen.says('Open');
    await seen.newQuote();
    expect(seen.received.gaps()).toEqual([]);
  });

  it('completes at 1000 and reconnects by its button', async () => {
    await seen.button('Close with 1000').click();
    await seen.says('Closed by the server');
    expect(await seen.detail.textContent()).toBe('With 1000 Normal Closure “that is all”. The policy stopped; the stream completed.');

    await seen.button('Connect again').click();
    await seen.says('Open');
    await seen.newQuote();
  });

  it('waits longer at 1013, and reconnects at once by its button', async () => {
    await seen.button('Close with 1013').click();
    await seen.says('Waiting for retry 1');
    expect(await seen.detail.textContent()).toContain('1013 Try Again Later');

    await seen.button('Reconnect now').click();
    await seen.says('Open');
    await seen.newQuote();
  });

  it('distinguishes a dropped TCP connection from refused handshakes', async () => {
    const refuse = seen.button('Refuse me');
    await refuse.click();
    await eventually(() => refuse.getAttribute('aria-pressed')).toBe('true');
    await seen.button('Drop TCP').click();
    await eventually(() => seen.page.locator('#log').innerText()).toContain('never open');

    const ends = await seen.page.locator('#log li').allInnerTexts();
    expect(ends.at(-1)).toContain('not clean');
    expect(ends.at(-1)).toContain('by: transport');
    expect(ends.at(-1)).not.toContain('never open');

    await refuse.click();
    await eventually(() => refuse.getAttribute('aria-pressed')).toBe('false');
    await seen.says('Open');
    await seen.newQuote();
    expect(seen.received.gaps()).toEqual([]);
  });

  it('shows that an open connection is silent, and catches up when messages arrive again', async () => {
    await seen.button('Go silent').click();
    await seen.says('Open, but silent');

    await seen.button('Go silent').click();
    await seen.says('Open');
    await eventually(() => seen.caughtUp.textContent()).toMatch(/^caught up \d+ quotes?$/);
    // On a slow machine the heartbeat is faster than the button. Then some quotes arrive twice, on the abandoned connection and on the next.
    expect(seen.received.gaps(true)).toEqual([]);
  });

  it('reconnects after the server has restarted', async () => {
    await seen.button('Restart the server').click();
    await seen.says('Waiting for retry 1');
    expect(await seen.detail.textContent()).toContain('1012 Service Restart “server restarts”');
    await seen.says('Open');
    await eventually(() => seen.caughtUp.textContent()).toMatch(/^caught up \d+ quotes?$/);
    expect(seen.received.gaps()).toEqual([]);
  });

  it('makes the server close with a code from the form', async () => {
    const form = seen.page.locator('#server-close');
    const answer = seen.page.locator('#form-told');
    await form.getByLabel('Code').fill('1006');
    await form.getByRole('button').click();
    await eventually(() => answer.textContent()).toContain('A server cannot send 1006');
    expect(await seen.headline.textContent()).toBe('Open');

    await form.getByLabel('Code').fill('4321');
    await form.getByLabel('Reason').fill('typed by hand');
    await form.getByRole('button').click();
    await seen.says('Closed by the server');
    expect(await seen.lastEnd.innerText()).toContain('“typed by hand”');
  });

  it('shows why a close from the page was refused, and closes with a code that may be sent', async () => {
    const form = seen.page.getByRole('form', { name: 'Close from here' });
    const answer = seen.page.locator('#own-told');
    await form.getByLabel('Code').fill('1001');
    await form.getByRole('button').click();
    await eventually(() => answer.textContent()).toContain('1001');
    expect(await answer.getAttribute('data-fine')).toBe('false');
    await seen.newQuote();

    await form.getByLabel('Code').fill('4000');
    await form.getByLabel('Reason').fill('enough');
    await form.getByRole('button').click();
    await seen.says('Closed from here');
    expect(await seen.lastEnd.innerText()).toContain('by: local');
    expect(await seen.lastEnd.innerText()).toContain('4000 private use');
  });

  it('is usable by keyboard alone, with a visible focus', async () => {
    const { page } = seen;
    const focused = (): Promise<{ name: string; outlined: boolean }> =>
      page.evaluate(() => {
        const active = document.activeElement!;
        const { outlineStyle, outlineWidth } = getComputedStyle(active);
        const label = active.closest('label')?.textContent ?? active.getAttribute('aria-label') ?? active.textContent;
        return {
          name: label.replace(/\s+/g, ' ').trim(),
          outlined: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
        };
      });
    const tabTo = async (name: string): Promise<void> => {
      for (let presses = 0; presses < 40; presses += 1) {
        await page.keyboard.press('Tab');
        const now = await focused();
        if (now.name.startsWith(name)) {
          expect(now).toMatchObject({ outlined: true });
          return;
        }
      }
      throw new Error(`Tab never reached ${name}.`);
    };

    const closes = ['Close with 1012', 'Close with 1013', 'Close with 1000'];
    const forms = ['Code', 'Reason', 'Server closes', 'Code', 'Reason', 'Page closes'];
    const buttons = ['Restart the server', 'Expire my token', 'Drop TCP', ...closes, 'Go silent', 'Refuse me'];
    for (const name of ['Connected', ...buttons, ...forms, 'Closes', 'EUR/USD', 'EUR/GBP', 'The client']) {
      await tabTo(name);
    }

    await tabTo('Expire my token');
    await page.keyboard.press('Enter');
    await seen.says('Stopped: the token expired');
    await tabTo('Get a new token');
    await page.keyboard.press('Space');
    await seen.says('Open');
    expect(await focused()).toEqual({ name: 'Connected', outlined: true });

    await tabTo('Reason');
    await tabTo('Reason');
    await page.keyboard.type('by keyboard');
    await page.keyboard.press('Enter');
    await seen.says('Closed from here');
    expect(await seen.lastEnd.innerText()).toContain('“by keyboard”');
  });

  it('keeps its layout while states change', async () => {
    const open = await seen.places();
    await seen.button('Close with 1012').click();
    await seen.says('Waiting for retry 1');
    expect(await seen.places()).toBe(open);
    await seen.says('Open');
    await eventually(() => seen.caughtUp.textContent()).toContain('caught up');
    expect(await seen.places()).toBe(open);
    await seen.button('Expire my token').click();
    await seen.says('Stopped: the token expired');
    expect(await seen.places()).toBe(open);
  });

  it('differs between light and dark, and every text is readable in both', async () => {
    const { page } = seen;
    const inBoth = async (): Promise<void> => {
      const grounds: string[] = [];
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await paleTexts(page), `${colorScheme}, ${String(await seen.headline.textContent())}`).toEqual([]);
        grounds.push(await groundOf(page));
      }
      expect(grounds[0]).not.toBe(grounds[1]);
    };

    await inBoth();
    await seen.button('Close with 1012').click();
    await seen.says('Waiting for retry 1');
    await inBoth();
    await seen.button('Reconnect now').click();
    await seen.says('Open');
    await seen.button('expire my token').click();
    await seen.says('Stopped: the token expired');
    await inBoth();
  });

  it('takes a screenshot', async () => {
    const wanted = process.env['UPDATE_SCREENSHOT'] === '1';
    const awhile = (): Promise<void> => setTimeout(wanted ? 11_000 : 0); // so that the last minute has something to show
    await seen.page.setViewportSize({ width: 1_280, height: 924 });
    await awhile();
    await seen.button('Restart the server').click();
    await seen.says('Waiting for retry 1');
    await seen.says('Open');
    await awhile();
    await seen.button('Drop TCP').click();
    await eventually(() => seen.page.locator('#log').innerText()).toContain('no reason given');
    await seen.says('Open');
    await awhile();
    await seen.button('Close with 1012').click();
    await eventually(() => seen.headline.textContent()).toMatch(/^Waiting for retry \d$/); // 2, if that connection was not yet stable
    await seen.page.mouse.move(0, 0);
    mkdirSync(at(wanted ? 'docs' : 'temp/demo'), { recursive: true });
    const picture = await seen.page.screenshot({ path: at(wanted ? 'docs/dashboard.png' : 'temp/demo/dashboard.png') });
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
  }, 120_000);
});

describe.runIf(chromium)('the page of the demo on a phone', () => {
  it.each([
    [375, 'light'],
    [360, 'dark'],
    [320, 'light'],
  ] as const)('fits the screen at %i px, %s, and keeps its layout', async (width, colorScheme) => {
    const demo = await startDemo();
    const browser = await browsers.launch(chromium);
    const seen = await openPage(browser, demo.url, { viewport: { width, height: 720 }, colorScheme, hasTouch: true, isMobile: true });
    const beyond = (): Promise<number> =>
      seen.page.evaluate(() => {
        const all = [...document.querySelectorAll('body *:not(pre *)')];
        return Math.max(...all.map((each) => each.getBoundingClientRect().right));
      });

    await seen.says('Open');
    await seen.newQuote();
    const open = await seen.places();
    expect(await beyond()).toBeLessThanOrEqual(width);
    await seen.button('Close with 1013').tap();
    await seen.says('Waiting for retry 1');
    expect(await beyond()).toBeLessThanOrEqual(width);
    await seen.button('Reconnect now').tap();
    await seen.says('Open');
    await seen.button('expire my token').tap();
    await seen.says('Stopped: the token expired');
    expect(await seen.places()).toBe(open);
    await seen.page.getByText('The client of this page').tap();
    expect(await beyond()).toBeLessThanOrEqual(width);
    expect(await seen.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);

    await seen.close();
    await browser.close();
    expect(await demo.end('SIGINT')).toMatchObject({ code: 0, errors: '' });
  });
});

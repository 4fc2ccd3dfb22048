import { expect, describe, it } from 'vitest';
import { findChromium } from '../setup/findChromium.mjs';
import { eventually, openPageEach, type Dashboard } from './openPage.js';

const chromium = await findChromium();

describe.runIf(chromium)('what the demo draws', () => {
  let seen: Dashboard;
  openPageEach(chromium, (page) => (seen = page));

  it('draws the states of the last minute with the codes of closes, and says them', async () => {
    const { page } = seen;
    await seen.button('Close with 1013').click();
    await seen.says('Waiting for retry 1');
    await seen.button('Reconnect now').click();
    await seen.says('Open');

    const states = (): Promise<(string | null)[]> => page.locator('#timeline rect').evaluateAll((bars) => bars.map((bar) => bar.getAttribute('class')));
    expect((await states()).slice(-5)).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open']);
    expect(await page.locator('#timeline text').allTextContents()).toEqual(['1013']);
    await eventually(() => page.getByRole('img', { name: 'Closes: 1013 Try Again Later' }).getAttribute('aria-label')).toMatch(
      /^The last minute: .*open for \d+ s, waiting for \d+ s, connecting for \d+ s, open for \d+ s\. Closes: 1013 Try Again Later “overloaded”, \d+ s ago\.$/,
    );
  });

  it('draws messages per second and round trips', async () => {
    await eventually(() => seen.page.locator('#message-rate').textContent()).toMatch(/^\d+\/s$/);
    await eventually(() => seen.page.locator('#round-trips rect').count()).toBeGreaterThan(0);
    await eventually(() => seen.page.locator('#round-trips').getAttribute('aria-label')).toMatch(/^The last minute: from (<1|\d+) ms to (<1|\d+) ms\.$/);
    expect(await seen.page.locator('#rate').getAttribute('aria-label')).toMatch(/^The last minute: from \d+\/s to \d+\/s\.$/);
  });

  it('unsubscribes from a symbol whose box is unticked, and catches up when it is ticked', async () => {
    const price = seen.page.locator('#board li', { hasText: 'EUR/USD' });
    const box = seen.page.getByLabel('EUR/USD');
    await box.uncheck();
    await seen.newQuote();
    const before = await price.innerText();
    for (let n = 0; n < 20; n += 1) await seen.newQuote();
    expect(await price.innerText()).toBe(before);

    await box.check();
    await eventually(() => seen.caughtUp.textContent()).toMatch(/^caught up \d+ quotes?$/);
    await eventually(() => price.innerText()).not.toBe(before);
    // What was on its way when the row unsubscribed was delivered to no subscriber, and comes again.
    expect(seen.received.gaps(true)).toEqual([]);
  });

  it('asks for nothing while the session has ended', async () => {
    await seen.button('Expire my token').click();
    await seen.says('Stopped: the token expired');
    await seen.page.getByLabel('EUR/USD').uncheck();
    await seen.page.getByLabel('EUR/USD').check();
    expect(await seen.headline.textContent()).toBe('Stopped: the token expired');
    await seen.button('Get a new token').click();
    await seen.says('Open');
    expect(seen.received.gaps()).toEqual([]);
  });

  it('says what to press before anything has ended, and shows whole rows of the log', async () => {
    const { page } = seen;
    expect(await page.locator('.empty').innerText()).toContain('Press Restart the server');
    for (let n = 1; n <= 4; n += 1) {
      await seen.button('Close with 1013').click();
      await seen.says(`Waiting for retry ${n}`);
      await seen.button('Reconnect now').click();
      await seen.says('Open');
    }
    expect(await page.locator('.empty').isVisible()).toBe(false);
    for (const width of [1_440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      const cut = await page.locator('#log').evaluate((log) => {
        const { bottom } = log.getBoundingClientRect();
        return [...log.children].filter((row) => row.getBoundingClientRect().top < bottom - 1 && row.getBoundingClientRect().bottom > bottom + 1).length;
      });
      expect(cut, `${width} px`).toBe(0);
    }
  });

  it('breaks no label at 1440 px, and leaves no letter alone at 390 px', async () => {
    const { page } = seen;
    const broken = (shortest: number): Promise<string[]> =>
      page.evaluate((least) => {
        const labels = [...document.querySelectorAll('button b, button span, button:not(:has(b)), label, h2, .title p, .legend span')];
        return labels.flatMap((label) => {
          const lines = new Map<number, string>();
          const walker = document.createTreeWalker(label, NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            for (let n = 0; n < node.textContent!.length; n += 1) {
              const range = document.createRange();
              range.setStart(node, n);
              range.setEnd(node, n + 1);
              const { bottom, width } = range.getBoundingClientRect();
              if (width > 0) lines.set(Math.round(bottom / 8), (lines.get(Math.round(bottom / 8)) ?? '') + node.textContent![n]!);
            }
          }
          const texts = [...lines.values()];
          return texts.length > 1 && texts.some((text) => text.trim().length < least) ? [texts.join(' / ')] : [];
        });
      }, shortest);
    await page.setViewportSize({ width: 1_440, height: 900 });
    expect(await broken(Infinity)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await broken(2)).toEqual([]);
  });
});

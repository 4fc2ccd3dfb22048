import { AxeBuilder } from '@axe-core/playwright';
import { chromium as browsers, type Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../setup/findChromium.mjs';
import { eventually, openPage } from './openPage.js';
import { startDemo, type Demo } from './startDemo.js';

const chromium = await findChromium();

describe.runIf(chromium)('axe and the demo', () => {
  let demo: Demo;
  let browser: Browser;
  beforeAll(async () => {
    demo = await startDemo();
    browser = await browsers.launch(chromium);
  });
  afterAll(async () => {
    await browser.close();
    await demo.end('SIGINT');
  });

  it.each([
    [360, 'light'],
    [360, 'dark'],
    [1_440, 'light'],
    [1_440, 'dark'],
  ] as const)('finds nothing at %i px, %s, open, waiting and stopped', async (width, colorScheme) => {
    const seen = await openPage(browser, demo.url, { viewport: { width, height: 900 }, colorScheme });
    const faults = async (): Promise<string[]> => {
      // The page has no frames; for frames axe would open a second page each time.
      const { violations } = await new AxeBuilder({ page: seen.page }).setLegacyMode().analyze();
      return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`));
    };
    await seen.says('Open');
    await seen.newQuote();
    await seen.page.getByText('The client of this page').click();
    expect(await faults()).toEqual([]);
    // While it is offline, the wait lasts as long as axe takes.
    await seen.page.context().setOffline(true);
    await seen.server({ do: 'drop' });
    await seen.says('Offline');
    expect(await faults()).toEqual([]);
    await seen.page.context().setOffline(false);
    await seen.says('Open');
    await seen.button('Expire my token').click();
    await seen.says('Stopped: the token expired');
    await eventually(() => seen.lastEnd.innerText()).toContain('the stream completed');
    expect(await faults()).toEqual([]);
    await seen.close();
  });
});

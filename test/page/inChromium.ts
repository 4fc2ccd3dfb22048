import { afterAll, beforeAll, describe, expect, inject } from 'vitest';
import { DevTools } from './DevTools.js';
import { Tab } from './Tab.js';

/** Cases in one browser, left out where there is none. What they open is closed after the last of them, and then none may have thrown or warned. */
export function inChromium(which: 'npm' | 'system', title: string, cases: (open: () => Promise<Tab>) => void, ...args: string[]): void {
  const chromium = inject('browsers')[which];
  describe.runIf(chromium)(`${title} (Chromium, ${which})`, () => {
    const tabs: Tab[] = [];
    let browser: DevTools;
    beforeAll(async () => {
      browser = await DevTools.launch(chromium!, ...args);
    });
    afterAll(async () => {
      await browser.close();
      for (const { server } of tabs) await server.close();
      for (const { journal } of tabs) expect(journal.find(/^(exception|warning)/), journal.toString()).toEqual([]);
    });
    cases(async () => {
      const tab = await Tab.open(browser);
      tabs.push(tab);
      return tab;
    });
  });
}

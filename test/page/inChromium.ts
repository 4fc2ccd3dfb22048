import { afterAll, beforeAll, describe, expect, inject } from 'vitest';
import { DevTools } from './DevTools.js';
import { Tab } from './Tab.js';

/** Runs cases in one browser, if there is one. After the last case it closes the tabs and checks that no page has reported an exception or a warning. */
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

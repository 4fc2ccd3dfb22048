import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

const kit = ['kit.test.mjs'];

/** The Chromium that the script has found; without one the browser mode is left out. */
const { CHROMIUM } = process.env;
const browser = CHROMIUM === undefined ? [] : [{
  test: {
    name: 'browser',
    include: [...kit, 'guide/react.test.ts'],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: JSON.parse(CHROMIUM) }),
      instances: [{ browser: 'chromium' }],
    },
  },
}];

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'node', environment: 'node', include: [...kit, 'guide/*.test.ts'], exclude: ['guide/react.test.ts'] } },
      { test: { name: 'jsdom', environment: 'jsdom', include: [...kit, 'guide/react.test.ts'] } },
      { test: { name: 'happy-dom', environment: 'happy-dom', include: [...kit, 'guide/react.test.ts'] } },
      ...browser,
    ],
  },
});

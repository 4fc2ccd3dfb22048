import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/**
 * Pages that are frozen, throttled, cached and offline, in real browsers. It has its own config because it takes more than three minutes, most of which
 * it waits: so all files run at once, even on few processors.
 */
export default defineConfig({
  test: {
    name: 'page',
    environment: 'node',
    root: fileURLToPath(new URL('../../', import.meta.url)),
    include: ['test/page/**/*.test.ts'],
    globalSetup: ['./test/page/globalSetup.ts'],
    allowOnly: false,
    maxWorkers: 4,
    maxConcurrency: 20,
    testTimeout: 400_000,
    hookTimeout: 60_000,
  },
});

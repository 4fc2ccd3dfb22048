import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/**
 * Pages that are frozen, throttled, put away and taken offline, in real browsers. A run of its own: it takes more than three minutes, nearly all of them
 * spent waiting, so that all files run at once however few processors there are.
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

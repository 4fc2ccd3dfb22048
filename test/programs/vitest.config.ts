import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Many more programs than `npm test` runs, every fault in every callback, and bugs that they must find. `PROGRAMS` and `SEED` of the environment say how many, and which. */
export default defineConfig({
  resolve: { alias: { '#transport': fileURLToPath(new URL('../../src/connection/node.ts', import.meta.url)) } },
  test: {
    name: 'programs',
    environment: 'node',
    include: ['test/programs/**/*.test.ts'],
    env: { PROGRAMS: process.env['PROGRAMS'] ?? '10000' },
    testTimeout: 600_000,
    maxWorkers: '100%',
  },
});

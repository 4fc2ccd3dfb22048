import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { plant } from './plant.js';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { BUG: bug } = process.env;

/** Runs the test that a failing program was printed as, as if it were pasted beside the programs, with the bug of the environment in the sources. */
export default defineConfig({
  plugins: bug === undefined ? [] : [plant(bug)],
  resolve: { alias: { '#transport': at('../../../src/connection/node.ts'), './Program.js': at('../Program.ts') } },
  test: { name: 'pasted', environment: 'node', include: ['temp/planted/pasted.test.ts'] },
});

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { withTable } from './withTable.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(root + file, 'utf8');
const { esbuild, ...otherBundlers } = JSON.parse(read('scripts/sizes.json')) as Record<string, Record<string, number>> & { esbuild: Record<string, number> };
const alternatives = JSON.parse(read('scripts/alternatives.json')) as Record<string, { version: string; bytes: number }>;
const { version } = JSON.parse(read('package.json')) as { version: string };

const sizeOf = (program: string): number => esbuild[program] ?? Number.NaN;
const kB = (bytes: number): string => String(Math.round(bytes / 1_000));
const both = sizeOf('webSocket, reconnectOnCode');

/** The version and the size of each row of the table. */
const measured = Object.entries({ 'websocket-subject': { version, bytes: both }, ...alternatives });

/** Returns the page with the measured numbers in the rows of its table of alternatives. */
const withMeasured = (page: string): string =>
  measured.reduce((text, [name, { version: measuredVersion, bytes }]) => {
    const row = new RegExp(`^(\\| [*\`]*${name}[*\`]* \\|) [^|]+ \\| [^|]+ \\|`, 'm');
    if (!row.test(text)) throw new Error(`the table has no row for ${name}`);
    return text.replace(row, (_, begin: string) => `${begin} ${measuredVersion} | ${(bytes / 1_000).toFixed(1)} |`);
  }, page);

const sentence = `In a browser bundle it takes ${kB(sizeOf('webSocket'))} kB, minified and gzipped, without RxJS; ${kB(both)} kB with \`reconnectOnCode\`, and ${kB(sizeOf('everything'))} kB with everything.`;
const programs = ['webSocket', 'webSocket, reconnectOnCode', 'everything'];
const weights = [
  '| you import | bytes |',
  '|---|---|',
  ...programs.map((program) => `| ${program.split(', ').map((name) => (name === 'everything' ? name : `\`${name}\``)).join(' and ')} | ${sizeOf(program).toLocaleString('en')} |`),
].join('\n');

describe('sizes are those of scripts/sizes.json and scripts/alternatives.json; `npx vitest run --project=node test/package/sizes.test.ts -u` writes them', () => {
  it('in the README', async () => {
    await expect(withMeasured(withTable(read('README.md'), 'sizes', sentence))).toMatchFileSnapshot(`${root}README.md`);
  });

  it('in the comparison', async () => {
    await expect(withMeasured(withTable(read('docs/compare.md'), 'weights', weights))).toMatchFileSnapshot(`${root}docs/compare.md`);
  });

  it('differ by less than a kilobyte between bundlers, so that those of one may stand for all', () => {
    for (const sizes of Object.values(otherBundlers)) for (const program of programs) expect(Math.abs((sizes[program] ?? Number.NaN) - sizeOf(program))).toBeLessThan(1_000);
  });
});

it('the README has at most 200 lines', () => {
  expect(read('README.md').split('\n').length).toBeLessThanOrEqual(200);
});

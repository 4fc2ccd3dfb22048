import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { codeBlocksOfMarkdown } from './codeBlocks.js';

const read = (file: string): string => readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');

it('the guide for React, Vue and Svelte shows the code that the tests in Chromium run', () => {
  const shown = codeBlocksOfMarkdown('docs/guides/frameworks.md', read('docs/guides/frameworks.md')).map(({ code }) => code.trim());
  const tested = ['react', 'vue', 'svelte'].map((name) => read(`test/browser/frameworks/${name}.ts`).replace('../../../src/index.js', 'websocket-subject').trim());
  expect(shown).toEqual(tested);
});

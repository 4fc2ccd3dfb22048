import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Observable } from 'rxjs';
import { expect, it, vi } from 'vitest';
import { useObservable } from '../browser/frameworks/vue.js';

const read = (file: string): string => readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');

/** Returns a file as the guide shows it: a reader has the blocks in places of their own. */
const asShown = (name: string): string =>
  read(`test/browser/frameworks/${name}.ts`).replace('../../../src/index.js', 'websocket-subject').replace("import { sessionsOf } from './sessions.js';\n", '');

it('the guide for React, Vue and Svelte shows the code that the tests in Chromium run', () => {
  const shown = [...read('docs/guides/frameworks.md').matchAll(/```ts\n(?<code>[^]*?)```/g)].map(({ groups }) => groups?.['code']);
  expect(shown).toEqual(['sessions', 'react', 'vue', 'svelte'].map(asShown));
});

it('on a server, the function for Vue does not subscribe', () => {
  const subscribe = vi.fn();
  expect(useObservable(new Observable<number>(subscribe), 7).value).toBe(7);
  expect(subscribe).not.toHaveBeenCalled();
});

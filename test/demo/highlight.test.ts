import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { highlight } from '../../examples/dashboard/server/highlight.mjs';

it('marks comments, strings, numbers and keywords, and nothing inside of another', () => {
  expect(highlight("const a = 'new'; // type 1 <b>")).toBe(
    '<span class="keyword">const</span> a = <span class="string">\'new\'</span>; <span class="comment">// type 1 &lt;b></span>',
  );
  expect(highlight('f<T>(`ws://${a}`, 1_000)')).toBe('f&lt;T>(<span class="string">`ws://${a}`</span>, <span class="number">1_000</span>)');
});

it('keeps the text of the client', () => {
  const source = readFileSync(new URL('../../examples/dashboard/page/quotes.ts', import.meta.url), 'utf8');
  const text = highlight(source).replaceAll(/<\/?span[^>]*>/g, '').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
  expect(text).toBe(source);
});

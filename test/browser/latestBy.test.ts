import { Subject } from 'rxjs';
import { afterEach, expect, it, vi } from 'vitest';
import { latestBy } from '../../src/index.js';

afterEach(() => vi.restoreAllMocks());

it('emits in the next animation frame of the page, before it is drawn, and asks for none while nothing comes', async () => {
  const asked = vi.spyOn(globalThis, 'requestAnimationFrame');
  const quotes = new Subject<string>();
  const log: string[] = [];
  const subscription = quotes.pipe(latestBy((quote) => quote[0], { frame: true })).subscribe((latest) => log.push(latest.join()));
  expect(asked).not.toHaveBeenCalled();
  const first = new Promise((resolve) => requestAnimationFrame(() => resolve(log.push('a frame that was asked for before'))));
  for (const quote of ['a1', 'b1', 'a2']) quotes.next(quote);
  const second = new Promise((resolve) => requestAnimationFrame(() => resolve(log.push('a frame that was asked for after'))));
  await Promise.all([first, second]);
  expect(log).toEqual(['a frame that was asked for before', 'a2,b1', 'a frame that was asked for after']);
  await new Promise((resolve) => requestAnimationFrame(resolve));
  expect(asked, 'ours, and the three of this test').toHaveBeenCalledTimes(4);
  quotes.next('a3');
  subscription.unsubscribe();
  await new Promise((resolve) => requestAnimationFrame(resolve));
  expect(log).toHaveLength(3);
});

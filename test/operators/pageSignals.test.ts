import { describe, expect, it } from 'vitest';
import { pageCached, pageWake } from '../../src/index.js';
import { withEnvironment } from '../../src/connection/Environment.js';
import { collected } from './collected.js';

// With a page they are tested in test/subject/page.test.ts.

describe.each([['pageCached()', pageCached], ['pageWake()', pageWake]])('%s', (_name, signal) => {
  it('never emits and never fails without a page, as in Node', () => {
    expect(collected(signal())).toEqual([]);
  });

  it('may be unsubscribed from a page without removeEventListener', () => {
    const page = { addEventListener: () => undefined };
    const subscription = withEnvironment({ page }, () => (signal as () => ReturnType<typeof pageWake>)()).subscribe();
    expect(() => subscription.unsubscribe()).not.toThrow();
  });
});

import { describe, expect, it } from 'vitest';
import { inChromium } from './inChromium.js';
import type { Tab } from './Tab.js';

/** Checks that the page was restored from the cache and has made one new connection, its second, on which the queued value was sent. */
async function expectRestored({ journal }: Tab, left: number): Promise<void> {
  await journal.until(/^pong$/, await journal.untilAll([/^open$/, /^server: text kept 1$/], left));
  expect(journal.find(/^(loaded|not cached|pagehide|pageshow)/, left)).toEqual(['pagehide persisted', 'pageshow persisted']);
  expect(journal.find(/^connecting$/, left)).toHaveLength(1);
  expect(journal.find(/^server: request/)).toEqual(['server: request 0', 'server: request 1']);
}

describe('back/forward cache, system', () => {
  inChromium('system', 'a page with suspendWhile(pageCached()) and pageWake()', (open) => {
    const options = { delay: 600_000, heartbeat: { every: 500, timeout: 400 }, pageWake: true, pageCached: true };

    it('is cached: it closes its connection, makes one new one, and keeps the outbox', async () => {
      const tab = await open();
      const { journal } = tab;
      await tab.connect(options);
      const left = await tab.navigateAway();
      await journal.until(/^server: close 1000 0$/);
      await tab.back();
      await tab.call('send', 'kept');
      await expectRestored(tab, left);
      expect(journal.find(/^reconnecting/)).toEqual(['reconnecting 0 after 1000 local']);
    });

    it('is cached during a wait, which ends when it is shown again', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connect(options);
      server.drop();
      await journal.until(/^reconnecting 1/);
      await tab.call('send', 'kept');
      const left = await tab.navigateAway();
      await tab.back();
      await expectRestored(tab, left);
    });

    it('is cached during an attempt, which is abandoned', async () => {
      const tab = await open();
      const { journal, server } = tab;
      server.isHolding = true;
      await tab.call('start', options);
      await journal.until(/^server: request 0$/);
      await tab.call('send', 'kept');
      const left = await tab.navigateAway();
      await journal.until(/^server: gave up 0$/);
      server.answer();
      await tab.back();
      await expectRestored(tab, left);
    });

    it('is cached even if the server does not answer its Close', async () => {
      const tab = await open();
      const { server } = tab;
      await tab.connect(options);
      server.pause();
      const left = await tab.navigateAway();
      await tab.back();
      await tab.call('send', 'kept');
      await expectRestored(tab, left);
    });

    it('is cached repeatedly, with one new connection each time', async () => {
      const tab = await open();
      const { journal } = tab;
      await tab.connect(options);
      for (const round of [1, 2, 3]) {
        const left = await tab.navigateAway();
        await tab.back();
        await journal.until(/^pong$/, await journal.until(new RegExp(`^server: open ${round}$`), left));
      }
      expect(journal.find(/^pageshow persisted$/)).toHaveLength(3);
      expect(journal.find(/^server: (request|close)/).sort()).toEqual([
        ...[0, 1, 2].map((number) => `server: close 1000 ${number}`), ...[0, 1, 2, 3].map((number) => `server: request ${number}`),
      ]);
    });

    it('that is left again before it is connected has one connection in the end', async () => {
      const tab = await open();
      const { journal } = tab;
      await tab.connect(options);
      let back = 0;
      for (let round = 0; round < 5; round++) {
        await tab.navigateAway();
        back = await tab.back();
      }
      await journal.until(/^pong$/, await journal.until(/^open$/, back));
      const requests = journal.find(/^server: request/).length;
      const ends = Array.from({ length: requests - 1 }, (_, number) => new RegExp(`^server: (close \\d+|gave up) ${number}$`));
      await journal.untilAll(ends);
      expect(journal.find(/^server: (close|gave up)/)).toHaveLength(requests - 1);
      expect(journal.find(/^pageshow persisted$/)).toHaveLength(5);
    });

    it('that has ended its session is cached and does not reconnect', async () => {
      const tab = await open();
      const { journal } = tab;
      await tab.connect({ ...options, delay: 0 });
      await tab.call('close');
      await journal.until(/^complete$/);
      await tab.navigateAway();
      const back = await tab.back();
      await tab.call('ticks');
      expect(journal.find(/^(status|connecting|server)/, back)).toEqual([]);
    });
  });
});

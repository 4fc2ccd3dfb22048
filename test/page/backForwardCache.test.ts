import { describe, expect, it } from 'vitest';
import { inChromium } from './inChromium.js';
import type { Tab } from './Tab.js';

/** Back from the cache it has made one connection, its second, on which what waited has come. */
async function isLiveAgain({ journal }: Tab, back: number): Promise<void> {
  await journal.until(/^pong$/, await journal.untilAll([/^open$/, /^server: said kept 1$/], back));
  expect(journal.find(/^(loaded|not cached|pagehide|pageshow)/, back)).toEqual(['pagehide persisted', 'pageshow persisted']);
  expect(journal.find(/^connecting$/, back)).toHaveLength(1);
  expect(journal.find(/^server: request/)).toEqual(['server: request 0', 'server: request 1']);
}

describe('bfcache in system', () => {
  inChromium('system', 'a page that is left and gone back to', (open) => {
    const heart = { every: 500, timeout: 400 };

    it('was kept though it had a connection, which is closed; it makes one new one, and loses nothing that waited', async () => {
      const tab = await open();
      const { journal } = tab;
      await tab.connected({ delay: 600_000, heart });
      const left = await tab.leave();
      await journal.until(/^server: close 1000 0$/);
      await tab.back();
      await tab.call('say', 'kept');
      await isLiveAgain(tab, left);
      expect(journal.find(/^reconnecting/)).toEqual(['reconnecting 1 after 1000 local']);
    });

    it('was kept while it waited, and waits no longer', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connected({ delay: 600_000, heart });
      server.drop();
      await journal.until(/^reconnecting 1/);
      await tab.call('say', 'kept');
      const left = await tab.leave();
      await tab.back();
      await isLiveAgain(tab, left);
    });

    it('was kept while it connected; that attempt is given up', async () => {
      const tab = await open();
      const { journal, server } = tab;
      server.isHolding = true;
      await tab.begin({ delay: 600_000, heart });
      await journal.until(/^server: request 0$/);
      await tab.call('say', 'kept');
      const left = await tab.leave();
      await journal.until(/^server: gave up 0$/);
      server.answer();
      await tab.back();
      await isLiveAgain(tab, left);
    });

    it('was kept though the server did not answer its Close', async () => {
      const tab = await open();
      const { server } = tab;
      await tab.connected({ delay: 600_000, heart });
      server.pause();
      const left = await tab.leave();
      await tab.back();
      await tab.call('say', 'kept');
      await isLiveAgain(tab, left);
    });

    it('is kept again, each time with one new connection', async () => {
      const tab = await open();
      const { journal } = tab;
      await tab.connected({ delay: 600_000, heart });
      for (const round of [1, 2, 3]) {
        const left = await tab.leave();
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
      await tab.connected({ delay: 600_000, heart });
      let back = 0;
      for (let round = 0; round < 5; round++) {
        await tab.leave();
        back = await tab.back();
      }
      await journal.until(/^pong$/, await journal.until(/^open$/, back));
      const requests = journal.find(/^server: request/).length;
      const ends = Array.from({ length: requests - 1 }, (_, number) => new RegExp(`^server: (close \\d+|gave up) ${number}$`));
      await journal.untilAll(ends);
      expect(journal.find(/^server: (close|gave up)/)).toHaveLength(requests - 1);
      expect(journal.find(/^pageshow persisted$/)).toHaveLength(5);
    });

    it('that has ended its session is kept, and connects no more', async () => {
      const tab = await open();
      const { journal } = tab;
      await tab.connected({ delay: 0, heart });
      await tab.call('close');
      await journal.until(/^complete$/);
      await tab.leave();
      const back = await tab.back();
      await tab.call('ticks');
      expect(journal.find(/^(status|connecting|server)/, back)).toEqual([]);
    });
  });
});

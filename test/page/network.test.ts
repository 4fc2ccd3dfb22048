import { describe, expect, it } from 'vitest';
import { inChromium } from './inChromium.js';
import type { Tab } from './Tab.js';

/** The page is offline, its connection has been dropped, and a value waits. */
async function offline(open: () => Promise<Tab>): Promise<Tab> {
  const tab = await open();
  await tab.connected({ delay: 600_000 });
  await tab.setOffline(true);
  await tab.journal.until(/^offline$/);
  expect(tab.journal.find(/^status/)).toEqual(['status idle', 'status connecting', 'status open']);
  tab.server.drop();
  await tab.journal.until(/^status waiting offline$/);
  await tab.call('say', 'kept');
  return tab;
}

/** It has made one connection since then, on which the value came. */
async function connectsOnce({ journal }: Tab, from: number): Promise<void> {
  await journal.untilAll([/^open$/, /^server: said kept 1$/], from);
  expect(journal.find(/^server: request/, 0, from), 'no attempt before').toEqual(['server: request 0']);
  expect(journal.find(/^(connecting|server: request)/, from).sort()).toEqual(['connecting', 'server: request 1']);
}

describe.each(['npm', 'system'] as const)('Waking in %s', (which) => {
  inChromium(which, 'a page that loses its network', (open) => {
    it('makes no attempt, says so, and makes one when the network is back', async () => {
      const tab = await offline(open);
      const from = tab.mark('online');
      await tab.setOffline(false);
      await connectsOnce(tab, from);
      expect(tab.journal.find(/^(online|connecting)$/, from)).toEqual(['online', 'connecting']);
    });

    it('that is frozen offline and thawed online makes one attempt', async () => {
      const tab = await offline(open);
      await tab.freeze();
      await tab.setOffline(false);
      const from = tab.journal.end;
      await tab.thaw();
      await connectsOnce(tab, from);
    });

    it('that is frozen offline, dropped, and thawed online makes one attempt', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connected({ delay: 600_000 });
      await tab.setOffline(true);
      await journal.until(/^offline$/);
      await tab.freeze();
      server.drop();
      await journal.until(/^server: close/);
      await tab.setOffline(false);
      const from = journal.end;
      await tab.thaw();
      await journal.until(/^reconnecting 1/, from);
      await tab.call('say', 'kept');
      await connectsOnce(tab, from);
    });

    it('that goes offline while it is frozen, and is dropped, waits for the network', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connected({ delay: 600_000 });
      await tab.freeze();
      await tab.setOffline(true);
      server.drop();
      await journal.until(/^server: close/);
      const thawed = await tab.thaw();
      await journal.until(/^offline$/, thawed);
      await journal.until(/^status waiting offline$/, thawed);
      await tab.call('say', 'kept');
      const from = tab.mark('online');
      await tab.setOffline(false);
      await connectsOnce(tab, from);
    });

    it('finds by its heartbeat that its connection died, waits for the network, and replaces it once', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connected({ delay: 0, heart: { every: 500, timeout: 400 } });
      await tab.setOffline(true);
      await journal.until(/^offline$/);
      server.silence();
      await journal.until(/^status waiting offline$/);
      await journal.until(/^reconnecting 1 after 1006 transport timeout$/);
      await tab.call('say', 'kept');
      const from = tab.mark('online');
      await tab.setOffline(false);
      await connectsOnce(tab, from);
    });
  });
});

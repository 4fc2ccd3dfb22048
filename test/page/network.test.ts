import { describe, expect, it } from 'vitest';
import { inChromium } from './inChromium.js';
import type { Tab } from './Tab.js';

/** Opens a page that is offline, whose connection was dropped, and that has a value in the outbox. */
async function openOffline(open: () => Promise<Tab>): Promise<Tab> {
  const tab = await open();
  await tab.connect({ delay: 600_000 });
  await tab.setOffline(true);
  await tab.journal.until(/^offline$/);
  expect(tab.journal.find(/^status/)).toEqual(['status idle', 'status connecting', 'status open']);
  tab.server.drop();
  await tab.journal.until(/^status waiting offline$/);
  await tab.call('send', 'kept');
  return tab;
}

/** Checks that the page has made one connection since then, on which it has sent the value. */
async function expectOneConnection({ journal }: Tab, from: number): Promise<void> {
  await journal.untilAll([/^open$/, /^server: text kept 1$/], from);
  expect(journal.find(/^server: request/, 0, from), 'no attempt before').toEqual(['server: request 0']);
  expect(journal.find(/^(connecting|server: request)/, from).sort()).toEqual(['connecting', 'server: request 1']);
}

describe.each(['npm', 'system'] as const)('network, %s', (which) => {
  inChromium(which, 'a page that loses its network', (open) => {
    it('waits offline, and makes one attempt when the network is back', async () => {
      const tab = await openOffline(open);
      const from = tab.mark('online');
      await tab.setOffline(false);
      await expectOneConnection(tab, from);
      expect(tab.journal.find(/^(online|connecting)$/, from)).toEqual(['online', 'connecting']);
    });

    it('that is frozen offline and thawed online makes one attempt', async () => {
      const tab = await openOffline(open);
      await tab.freeze();
      await tab.setOffline(false);
      const from = tab.journal.end;
      await tab.thaw();
      await expectOneConnection(tab, from);
    });

    it('that is frozen offline, dropped, and thawed online makes one attempt', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connect({ delay: 600_000 });
      await tab.setOffline(true);
      await journal.until(/^offline$/);
      await tab.freeze();
      server.drop();
      await journal.until(/^server: close/);
      await tab.setOffline(false);
      const from = journal.end;
      await tab.thaw();
      await journal.until(/^reconnecting 1/, from);
      await tab.call('send', 'kept');
      await expectOneConnection(tab, from);
    });

    it('that is dropped and goes offline while it is frozen waits for the network', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connect({ delay: 600_000 });
      await tab.freeze();
      await tab.setOffline(true);
      server.drop();
      await journal.until(/^server: close/);
      const thawed = await tab.thaw();
      await journal.until(/^offline$/, thawed);
      await journal.until(/^status waiting offline$/, thawed);
      await tab.call('send', 'kept');
      const from = tab.mark('online');
      await tab.setOffline(false);
      await expectOneConnection(tab, from);
    });

    it('detects a dead connection by its heartbeat, waits for the network, and reconnects once', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connect({ delay: 0, heartbeat: { every: 500, timeout: 400 } });
      await tab.setOffline(true);
      await journal.until(/^offline$/);
      server.silence();
      await journal.until(/^status waiting offline$/);
      await journal.until(/^reconnecting 1 after 1006 transport timeout$/);
      await tab.call('send', 'kept');
      const from = tab.mark('online');
      await tab.setOffline(false);
      await expectOneConnection(tab, from);
    });
  });
});

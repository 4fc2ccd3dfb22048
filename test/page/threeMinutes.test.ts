import { describe, expect, it } from 'vitest';
import { inChromium } from './inChromium.js';
import type { Tab } from './Tab.js';

/** These tests are about this real time: nothing can replace it. */
const threeMinutes = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 180_000));
const heartbeat = { every: 5_000, timeout: 2_000 };

/** Some browsers close the connections of a frozen page, meanwhile or when it is thawed. */
const wasEndedByBrowser = (tab: Tab, frozen: number, thawed: number): boolean =>
  tab.closesByBrowser > 0 || tab.journal.find(/^server: close/, frozen, thawed).length > 0;

describe.concurrent.each(['npm', 'system'] as const)('long freeze, %s', (which) => {
  inChromium(which, 'a page that is frozen for three minutes', (open) => {
    it('pings its connection when thawed, and keeps it if the server answers, unless the browser closes it', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connect({ delay: 0, heartbeat: { every: 15_000, timeout: 2_000 } });
      // This answer arrives before the freeze, so it shows nothing about the connection afterwards.
      await journal.until(/^pong$/);
      const frozen = await tab.freeze();
      server.send('early');
      await threeMinutes();
      server.send('late');
      const thawed = await tab.thaw();
      // Sooner than the next regular ping.
      const probed = await journal.until(/^(server: ping 0|open)$/, thawed, 8_000);
      const isEnded = wasEndedByBrowser(tab, frozen, thawed);
      console.log(`${which}: the browser has ${isEnded ? 'closed' : 'kept'} the connection of a page that was frozen for three minutes`);
      if (isEnded) {
        await journal.until(/^pong$/, await journal.until(/^open$/, thawed));
        expect(journal.find(/^(connecting|reconnecting)/, frozen)).toEqual(['reconnecting 1 after 1006 transport', 'connecting']);
        return;
      }
      await journal.until(/^pong$/, probed);
      await journal.until(/^pong$/, await journal.until(/^server: ping 0$/, probed));
      expect(journal.find(/^message/)).toEqual(['message early', 'message late']);
      expect(journal.find(/^(connecting|reconnecting|server: (request|close))/, frozen)).toEqual([]);
    });

    it('reconnects once when thawed if the server does not answer', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connect({ delay: 0, heartbeat });
      await journal.until(/^pong$/);
      const frozen = await tab.freeze();
      server.silence();
      await threeMinutes();
      const thawed = await tab.thaw();
      await journal.until(/^pong$/, await journal.untilAll([/^open$/, /^server: ping 1$/], thawed));
      await journal.until(/^pong$/, await journal.until(/^server: ping 1$/, journal.end));
      expect(journal.find(/^(connecting|reconnecting)/, frozen)).toEqual([
        wasEndedByBrowser(tab, frozen, thawed) ? 'reconnecting 1 after 1006 transport' : 'reconnecting 1 after 1006 transport timeout', 'connecting',
      ]);
      expect(journal.find(/^server: request/)).toEqual(['server: request 0', 'server: request 1']);
    });

    it('during a wait of one minute makes no attempt meanwhile, and one when thawed', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connect({ delay: 60_000, heartbeat });
      server.drop();
      await journal.until(/^reconnecting 1/);
      await tab.call('send', 'kept');
      const frozen = await tab.freeze();
      await threeMinutes();
      const thawed = await tab.thaw();
      expect(journal.find(/^server/, frozen, thawed)).toEqual([]);
      await journal.until(/^pong$/, await journal.untilAll([/^open$/, /^server: text kept 1$/], thawed));
      expect(journal.find(/^(connecting|reconnecting|server: request)/, frozen).sort()).toEqual(['connecting', 'server: request 1']);
    });

    it('during an attempt is connected when thawed, unless the browser closes the connection', async () => {
      const tab = await open();
      const { journal, server } = tab;
      server.isHolding = true;
      await tab.call('start', { delay: 0, heartbeat });
      await journal.until(/^server: request 0$/);
      const frozen = await tab.freeze();
      server.answer();
      await threeMinutes();
      const thawed = await tab.thaw();
      await journal.until(/^pong$/, thawed);
      const expected = wasEndedByBrowser(tab, frozen, thawed) ? ['connecting', 'reconnecting 1 after 1006 transport', 'server: request 1'] : [];
      expect(journal.find(/^(connecting|reconnecting|server: request)/, frozen).sort(), journal.toString()).toEqual(expected);
    });

    it('during a close completes when thawed', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connect({ delay: 0, heartbeat });
      server.pause();
      await tab.call('close');
      await journal.until(/^status closing$/);
      const frozen = await tab.freeze();
      server.resume();
      await journal.until(/^server: close 1000 0$/);
      await threeMinutes();
      await tab.thaw();
      await journal.until(/^(complete|error)/, frozen);
      expect(journal.find(/^(connecting|reconnecting|close|complete|error)/, frozen), journal.toString()).toEqual(['close', 'complete']);
    });
  });
});

import { describe, expect, it } from 'vitest';
import { inChromium } from './inChromium.js';
import type { Tab } from './Tab.js';

/** The one thing that these tests are about: nothing can stand in for it. */
const threeMinutes = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 180_000));
const heart = { every: 5_000, timeout: 2_000 };

/** Some browsers end the connections of a page that is frozen for long. */
const wasEndedByBrowser = ({ journal }: Tab, frozen: number, thawed: number): boolean => journal.find(/^server: close/, frozen, thawed).length > 0;

describe.concurrent.each(['npm', 'system'] as const)('Heartbeat in %s', (which) => {
  inChromium(which, 'a page that is frozen for three minutes', (open) => {
    it('and thawed probes its connection before it trusts it, and keeps it when the server answers', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connected({ delay: 0, heart: { every: 15_000, timeout: 2_000 } });
      // The answer comes before the page is frozen: it says nothing of what is there afterwards.
      await journal.until(/^pong$/);
      const frozen = await tab.freeze();
      server.say('early');
      await threeMinutes();
      server.say('late');
      const thawed = await tab.thaw();
      const isEnded = wasEndedByBrowser(tab, frozen, thawed);
      console.log(`${which}: the browser has ${isEnded ? 'ended' : 'left alone'} the connection of a page that was frozen for three minutes`);
      if (isEnded) {
        await journal.until(/^pong$/, await journal.until(/^open$/, thawed));
        expect(journal.find(/^(connecting|reconnecting)/, frozen)).toEqual(['reconnecting 1 after 1006 transport', 'connecting']);
        return;
      }
      // Sooner than the next ping of a heart that trusts.
      const probed = await journal.until(/^server: ping 0$/, thawed, 8_000);
      await journal.until(/^pong$/, probed);
      await journal.until(/^pong$/, await journal.until(/^server: ping 0$/, probed));
      expect(journal.find(/^message/)).toEqual(['message early', 'message late']);
      expect(journal.find(/^(connecting|reconnecting|server: (request|close))/, frozen)).toEqual([]);
    });

    it('and thawed replaces its connection once when the server answers no more', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connected({ delay: 0, heart });
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

    it('while it waits for one minute makes no attempt meanwhile, and one when thawed', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connected({ delay: 60_000, heart });
      server.drop();
      await journal.until(/^reconnecting 1/);
      await tab.call('say', 'kept');
      const frozen = await tab.freeze();
      await threeMinutes();
      const thawed = await tab.thaw();
      expect(journal.find(/^server/, frozen, thawed)).toEqual([]);
      await journal.until(/^pong$/, await journal.untilAll([/^open$/, /^server: said kept 1$/], thawed));
      expect(journal.find(/^(connecting|reconnecting|server: request)/, frozen).sort()).toEqual(['connecting', 'server: request 1']);
    });

    it('while it connects finds itself connected', async () => {
      const tab = await open();
      const { journal, server } = tab;
      server.isHolding = true;
      await tab.begin({ delay: 0, heart });
      await journal.until(/^server: request 0$/);
      const frozen = await tab.freeze();
      server.answer();
      await threeMinutes();
      const thawed = await tab.thaw();
      await journal.until(/^pong$/, thawed);
      expect(journal.find(/^(connecting|reconnecting|server: request)/, frozen), journal.toString()).toEqual([]);
    });

    it('while it closes has closed as it was told to', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connected({ delay: 0, heart });
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

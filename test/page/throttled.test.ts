import { describe, expect, it } from 'vitest';
import { inChromium } from './inChromium.js';

/** Three of the times that the timers run. */
const threeMinutes = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 180_000));
const heart = { every: 5_000, timeout: 2_000 };

describe.concurrent('Heartbeat in system', () => {
  inChromium('system', 'a hidden page whose timers run once a minute', (open) => {
    it('keeps its connection as long as the server answers', async () => {
      const tab = await open();
      const { journal } = tab;
      await tab.connected({ delay: 0, heart });
      const hidden = await tab.hide();
      const before = await tab.call('ticks');
      await threeMinutes();
      expect(await tab.call('ticks') - before, 'times that a timer of one second ran').toBeLessThan(30);
      expect(journal.find(/^throttled$/, hidden).length).toBeGreaterThan(1);
      expect(journal.find(/^server: ping 0$/, hidden).length).toBeGreaterThan(0);
      expect(journal.find(/^(connecting|reconnecting|server: (request|close))/, hidden)).toEqual([]);
    });

    it('replaces it, once, when the server answers no more', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connected({ delay: 0, heart: { every: 12_000, timeout: 500 } });
      // Only timers that timers have set, one after another, are throttled; and no page is in its first seconds out of sight.
      let beating = 0;
      for (let beat = 0; beat < 3; beat++) beating = await journal.until(/^pong$/, beating);
      const hidden = await tab.hide();
      server.silence();
      // A ping, a look that is late, and with it another ping, and another look: each up to a minute after the one before.
      await journal.untilAll([/^open$/, /^server: open 1$/], hidden, 280_000);
      expect(journal.find(/^throttled$/, hidden).length).toBeGreaterThan(1);
      expect(journal.find(/^(connecting|reconnecting)/, hidden)).toEqual(['reconnecting 1 after 1006 transport timeout', 'connecting']);
      expect(journal.find(/^server: request/)).toEqual(['server: request 0', 'server: request 1']);
    });

    it('waits no longer when it is looked at again', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connected({ delay: 600_000, heart });
      const hidden = await tab.hide();
      server.drop();
      await journal.until(/^reconnecting 1/, hidden);
      await journal.until(/^throttled$/, hidden, 100_000);
      const from = journal.end;
      await tab.show();
      await journal.until(/^pong$/, await journal.until(/^open$/, from));
      expect(journal.find(/^(connecting|server: request)/, hidden).sort()).toEqual(['connecting', 'server: request 1']);
    });
  }, '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/5', '--intensive-wake-up-throttling-policy=force-enable');
});

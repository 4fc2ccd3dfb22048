import { describe, expect, it } from 'vitest';
import { inChromium } from './inChromium.js';

/** Timers of a hidden page fire three times in it. */
const threeMinutes = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 180_000));
const heartbeat = { every: 5_000, timeout: 2_000 };

describe.concurrent('throttled timers, system', () => {
  inChromium('system', 'a hidden page whose timers run once a minute', (open) => {
    it('keeps its connection while the server answers', async () => {
      const tab = await open();
      const { journal } = tab;
      await tab.connect({ delay: 0, heartbeat });
      const hidden = await tab.hide();
      const before = await tab.call('ticks');
      await threeMinutes();
      expect(await tab.call('ticks') - before, 'how often a timer of one second has fired').toBeLessThan(30);
      expect(journal.find(/^throttled$/, hidden).length).toBeGreaterThan(1);
      expect(journal.find(/^server: ping 0$/, hidden).length).toBeGreaterThan(0);
      expect(journal.find(/^(connecting|reconnecting|server: (request|close))/, hidden)).toEqual([]);
    });

    it('reconnects once if the server stops answering', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connect({ delay: 0, heartbeat: { every: 12_000, timeout: 500 } });
      // Only chained timers are throttled, and not in the first seconds of a hidden page.
      let from = 0;
      for (let pongs = 0; pongs < 3; pongs++) from = await journal.until(/^pong$/, from);
      const hidden = await tab.hide();
      server.silence();
      // A ping, a late check that pings again, and a second check: each up to a minute after the one before.
      await journal.untilAll([/^open$/, /^server: open 1$/], hidden, 280_000);
      expect(journal.find(/^throttled$/, hidden).length).toBeGreaterThan(1);
      expect(journal.find(/^(connecting|reconnecting)/, hidden)).toEqual(['reconnecting 1 after 1006 transport timeout', 'connecting']);
      expect(journal.find(/^server: request/)).toEqual(['server: request 0', 'server: request 1']);
    });

    it('ends its wait when it is visible again', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connect({ delay: 600_000, heartbeat });
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

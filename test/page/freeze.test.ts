import { describe, expect, it } from 'vitest';
import { inChromium } from './inChromium.js';

describe.each(['npm', 'system'] as const)('Staying connected in %s', (which) => {
  inChromium(which, 'a page that is frozen and thawed', (open) => {
    it('has its connection still, and what the server said meanwhile', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connected({ delay: 0, heart: { every: 500, timeout: 400 } });
      await journal.until(/^pong$/);
      const frozen = await tab.freeze();
      for (const text of ['one', 'two', 'three']) server.say(text);
      const thawed = await tab.thaw();
      await journal.until(/^pong$/, await journal.until(/^server: ping/, thawed));
      expect(journal.find(/^message/, frozen)).toEqual(['message one', 'message two', 'message three']);
      expect(journal.find(/^server: (request|close)/)).toEqual(['server: request 0']);
    });

    it('cuts a wait of ten minutes short', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connected({ delay: 600_000 });
      server.drop();
      await journal.until(/^reconnecting 1/);
      await tab.call('say', 'kept');
      await tab.freeze();
      const from = journal.end;
      await tab.thaw();
      await journal.untilAll([/^open$/, /^server: said kept 1$/], from);
      expect(journal.find(/^(connecting|server: request)/, from).sort()).toEqual(['connecting', 'server: request 1']);
    });

    it.each([0, 600_000])('makes one new connection at once where the server dropped the old one meanwhile, though the policy says to wait %i ms', async (delay) => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connected({ delay, heart: { every: 500, timeout: 400 } });
      const frozen = await tab.freeze();
      server.drop();
      await journal.until(/^server: close/, frozen);
      const thawed = await tab.thaw();
      await journal.until(/^pong$/, await journal.untilAll([/^open$/, /^server: ping 1$/], thawed));
      expect(journal.find(/^server: request/, 0, thawed), 'no attempt while frozen').toEqual(['server: request 0']);
      expect(journal.find(/^(connecting|reconnecting|server: request)/, frozen).sort()).toEqual([
        'connecting', 'reconnecting 1 after 1006 transport', 'server: request 1',
      ]);
    });

    it('makes no attempt for one that was made meanwhile', async () => {
      const tab = await open();
      const { journal, server } = tab;
      server.isHolding = true;
      await tab.begin({ delay: 0 });
      await journal.until(/^server: request 0$/);
      await tab.freeze();
      server.answer();
      await journal.until(/^server: open 0$/);
      const thawed = await tab.thaw();
      await journal.until(/^open$/, thawed);
      await tab.call('say', 'hello');
      await journal.until(/^server: said hello 0$/);
      expect(journal.find(/^server: (request|close|gave up)/)).toEqual(['server: request 0']);
    });

    it('ends as it was told to, and makes no new connection, when the Close is answered meanwhile', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connected({ delay: 0 });
      server.pause();
      await tab.call('close');
      await journal.until(/^status closing$/);
      await tab.freeze();
      server.resume();
      await journal.until(/^server: close 1000 0$/);
      const thawed = await tab.thaw();
      await journal.until(/^complete$/, thawed);
      expect(journal.find(/^(connecting|reconnecting|close|complete|error)/, thawed)).toEqual(['close', 'complete']);
      expect(journal.find(/^server: request/)).toEqual(['server: request 0']);
    });

    it('frozen again and again, it makes one connection for each that it lost', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connected({ delay: 0, heart: { every: 500, timeout: 400 } });
      for (const round of [1, 2, 3, 4, 5]) {
        await tab.freeze();
        if (round % 2 === 0) server.drop();
        const thawed = await tab.thaw();
        await journal.until(/^pong$/, round % 2 === 0 ? await journal.until(/^open$/, thawed) : thawed);
      }
      expect(journal.find(/^server: request/)).toEqual(['server: request 0', 'server: request 1', 'server: request 2']);
    });
  });
});

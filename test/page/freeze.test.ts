import { describe, expect, it } from 'vitest';
import { inChromium } from './inChromium.js';

describe.each(['npm', 'system'] as const)('freeze, %s', (which) => {
  inChromium(which, 'a page that is frozen and thawed', (open) => {
    const heartbeat = { every: 500, timeout: 400 };

    it('keeps its connection and receives the messages sent meanwhile, unless the browser closes it', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connect({ delay: 0, heartbeat });
      await journal.until(/^pong$/);
      const frozen = await tab.freeze();
      for (const text of ['one', 'two', 'three']) server.send(text);
      const thawed = await tab.thaw();
      await journal.until(/^pong$/, await journal.until(/^server: ping/, thawed));
      if (tab.closesByBrowser === 0) {
        expect(journal.find(/^message/, frozen)).toEqual(['message one', 'message two', 'message three']);
        expect(journal.find(/^server: (request|close)/)).toEqual(['server: request 0']);
      } else expect(journal.find(/^(connecting|reconnecting)/, frozen)).toEqual(['reconnecting 1 after 1006 transport', 'connecting']);
    });

    it('shortens a wait of ten minutes with pageWake()', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connect({ delay: 600_000, pageWake: true });
      server.drop();
      await journal.until(/^reconnecting 1/);
      await tab.call('send', 'kept');
      await tab.freeze();
      const from = journal.end;
      await tab.thaw();
      await journal.untilAll([/^open$/, /^server: text kept 1$/], from);
      expect(journal.find(/^(connecting|server: request)/, from).sort()).toEqual(['connecting', 'server: request 1']);
    });

    it.each([0, 600_000])('reconnects once and at once if the server dropped the connection meanwhile, with pageWake() and a delay of %i ms', async (delay) => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connect({ delay, heartbeat, pageWake: true });
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

    it('keeps a connection that was established meanwhile, unless the browser closes it', async () => {
      const tab = await open();
      const { journal, server } = tab;
      server.isHolding = true;
      await tab.call('start', { delay: 0, pageWake: true });
      await journal.until(/^server: request 0$/);
      await tab.freeze();
      server.answer();
      await journal.until(/^server: open 0$/);
      const thawed = await tab.thaw();
      await journal.until(/^open$/, thawed);
      await tab.call('send', 'hello');
      await journal.until(/^server: text hello/);
      const requests = Array.from({ length: 1 + tab.closesByBrowser }, (_, number) => `server: request ${number}`);
      expect(journal.find(/^server: request/)).toEqual(requests);
      expect(journal.find(/^server: close (?!1001)/)).toEqual([]);
    });

    it('completes without a new connection if the server answered its Close meanwhile', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connect({ delay: 0, pageWake: true });
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

    it('reconnects once for each lost connection when frozen repeatedly', async () => {
      const tab = await open();
      const { journal, server } = tab;
      await tab.connect({ delay: 0, heartbeat, pageWake: true });
      for (const round of [1, 2, 3, 4, 5]) {
        await tab.freeze();
        if (round % 2 === 0) server.drop();
        const thawed = await tab.thaw();
        await journal.until(/^pong$/, round % 2 === 0 ? await journal.until(/^open$/, thawed) : thawed);
      }
      const requests = Array.from({ length: 3 + tab.closesByBrowser }, (_, number) => `server: request ${number}`);
      expect(journal.find(/^server: request/)).toEqual(requests);
    });
  });
});

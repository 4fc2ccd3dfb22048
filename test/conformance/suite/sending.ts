import { describe, expect, it } from 'vitest';
import { drained, UnsentError } from '../../../src/index.js';
import { statusOf, type Lab } from './Lab.js';
import { inPhase } from './phases.js';

export function sending(lab: Lab): void {
  const numbers = (count: number): number[] => [...Array(count).keys()];

  describe('sending', () => {
    it('S12: values of one task arrive in order, before a Close of that task', async () => {
      const { peer, socket, recording } = await lab.open();
      for (const n of numbers(500)) socket.next(n);
      socket.close(4000);
      await recording.ended;
      expect(await peer.at(0).jsons(500)).toEqual(numbers(500));
      expect(recording.close).toMatchObject({ code: 4000, wasClean: true, unsent: [] });
    });

    it('S12: values of one task keep their order with earlier and later ones', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer);
      for (const n of numbers(300)) socket.next(n);
      const recording = lab.record(socket.events, { hook: ({ type }) => type === 'open' && socket.next(300) });
      await recording.until('open');
      socket.next(301);
      await Promise.resolve();
      socket.next(302);
      expect(await peer.at(0).jsons(303)).toEqual(numbers(303));
    });

    it('S15: values wait while the transport has no room, and are sent in order, before the Close of complete()', async () => {
      const { peer, socket, recording } = await lab.open({}, { outbox: { highWaterMark: 0 } });
      for (const n of numbers(30)) socket.next(n);
      socket.complete();
      await recording.ended;
      expect(await peer.at(0).jsons(30)).toEqual(numbers(30));
      expect(recording.close).toMatchObject({ code: 1000, wasClean: true, unsent: [] });
    });

    it('S13: send() resolves when the transport has taken the value: at the open, or at once', async () => {
      const { peer, socket, recording } = await inPhase(lab, 'connecting');
      const early = socket.send('early');
      await peer.at(0).answerHandshake();
      await early;
      await recording.until('open');
      await socket.send('live');
      expect(await peer.at(0).jsons(2)).toEqual(['early', 'live']);
    });

    it('S13: send() rejects with the CloseEvent that names the value as unsent', async () => {
      const { socket, recording } = await inPhase(lab, 'waiting');
      const sent = socket.send('never').catch((error: unknown) => error);
      socket.close(4001);
      await recording.ended;
      const error = await sent;
      expect(error).toBeInstanceOf(UnsentError);
      expect((error as UnsentError).closeEvent).toBe(recording.close);
      expect(recording.close.unsent).toEqual(['never']);
    });

    it('S13: send() after close() waits for the next session', async () => {
      const { peer, socket, recording } = await lab.open();
      socket.close();
      const sent = socket.send('later');
      await recording.ended;
      lab.record(socket.events);
      await sent;
      expect(await peer.at(1).jsons(1)).toEqual(['later']);
    });

    it('drained() resolves once nothing waits in the outbox and in the buffer of the transport', async () => {
      const { peer, socket } = await lab.open({}, { outbox: { highWaterMark: 100 } });
      for (const n of numbers(100)) socket.next(n);
      await drained(socket);
      expect(statusOf(socket)).toMatchObject({ state: 'open', queued: 0 });
      expect(await peer.at(0).jsons(100)).toEqual(numbers(100));
    });
  });
}

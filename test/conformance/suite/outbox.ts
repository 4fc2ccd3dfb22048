import { of, retry } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { after, OutboxOverflowError, reconnectOnCode, SerializeError } from '../../../src/index.js';
import { cleanClose, facts, statusOf, type Lab } from './Lab.js';
import { inPhase } from './phases.js';

export function outbox(lab: Lab): void {
  describe('values that no connection has taken yet', () => {
    it('S13: wait for the open, and are sent in order before later ones', async () => {
      const peer = await lab.peer({ handshake: 'hold' });
      const socket = lab.socket(peer);
      socket.next('idle');
      expect(statusOf(socket)).toMatchObject({ state: 'idle', queued: 1 });
      const recording = lab.record(socket.events);
      await peer.at(0).requested();
      socket.next('connecting');
      expect(statusOf(socket)).toMatchObject({ state: 'connecting', queued: 2 });
      await peer.at(0).answerHandshake();
      await recording.until('open');
      socket.next('open');
      expect(await peer.at(0).jsons(3)).toEqual(['idle', 'connecting', 'open']);
      expect(statusOf(socket)).toMatchObject({ state: 'open', queued: 0 });
    });

    it('S13: survive a refused attempt with RxJS retry', async () => {
      const peer = await lab.peer({ handshake: { status: 503 } }, { handshake: 'drop' }, {});
      const socket = lab.socket(peer);
      socket.next('early');
      socket.pipe(retry({ count: 3 })).subscribe();
      expect(await peer.at(2).jsons(1)).toEqual(['early']);
    });

    it('S13: survive a refused attempt with reconnectOnCode', async () => {
      const peer = await lab.peer({ handshake: { status: 503 } }, {});
      const socket = lab.socket(peer).pipeEvents(reconnectOnCode(after(0)));
      socket.next('early');
      const recording = lab.record(socket.events);
      await recording.until('open');
      expect(await peer.at(1).jsons(1)).toEqual(['early']);
      expect((await peer.logs()).map(({ texts }) => texts)).toEqual([[], ['"early"']]);
    });

    it('S13: sent while waiting after a drop go to the next connection', async () => {
      const { peer, socket, recording } = await inPhase(lab, 'waiting');
      socket.next('in between');
      expect(statusOf(socket)).toMatchObject({ state: 'waiting', queued: 1, attempt: 1 });
      (await recording.until('reconnecting')).retryNow();
      expect(await peer.at(1).jsons(1)).toEqual(['in between']);
    });

    it('S13: sent after a remote close go to the next session', async () => {
      const { peer, socket, recording } = await lab.open();
      await peer.at(0).close(1012);
      await recording.ended;
      socket.next('afterwards');
      lab.record(socket.events);
      expect(await peer.at(1).jsons(1)).toEqual(['afterwards']);
    });

    it('S13: sent while closing go to the next session', async () => {
      const { peer, socket, recording } = await inPhase(lab, 'closing');
      socket.next('for the next');
      await peer.at(0).answerClose();
      await recording.ended;
      expect(recording.close.unsent).toEqual([]);
      const fresh = lab.record(socket.events);
      await fresh.until('open');
      expect(await peer.at(1).jsons(1)).toEqual(['for the next']);
      expect((await peer.logs())[0]?.texts).toEqual([]);
    });

    it('S13: of(1, 2, 3) before the open sends 1, 2, 3 and then closes with 1000', async () => {
      const peer = await lab.peer({ handshake: 'hold' });
      const socket = lab.socket(peer);
      const recording = lab.record(socket.events);
      await peer.at(0).requested();
      of(1, 2, 3).subscribe(socket);
      await peer.at(0).answerHandshake();
      await recording.ended;
      expect(recording.grammar).toBe('cox|');
      expect(await peer.at(0).jsons(3)).toEqual([1, 2, 3]);
      expect(await peer.at(0).closeFrame()).toMatchObject({ code: 1000, reason: '' });
      expect(facts(recording.close)).toEqual(cleanClose({ initiator: 'local', sent: { code: 1000, reason: '' } }));
    });

    it('S13: of(1, 2, 3) on an idle subject is remembered for the next session', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer);
      of(1, 2, 3).subscribe(socket);
      await lab.settled();
      expect(await peer.count()).toBe(0);
      const recording = lab.record(socket.events);
      await recording.ended;
      expect(await peer.at(0).jsons(3)).toEqual([1, 2, 3]);
      expect((await peer.at(0).closeFrame()).code).toBe(1000);
      expect(recording.terminal).toBe('complete');
    });

    it('S13: messages are still delivered while complete() drains, and the server reads all before Close', async () => {
      const { peer, socket, recording } = await lab.open();
      for (let value = 0; value < 50; value++) socket.next({ value, padding: 'x'.repeat(1000) });
      socket.complete();
      await recording.ended;
      expect((await peer.at(0).jsons(50)).map((value) => (value as { value: number }).value)).toEqual([...Array(50).keys()]);
      expect(recording.close).toMatchObject({ code: 1000, wasClean: true, unsent: [] });
    });

    it('S13: are the unsent of the close that took them away', async () => {
      const values = [{ a: 1 }, 'b'];
      for (const end of ['close', 'error'] as const) {
        const { socket, recording } = await inPhase(lab, 'connecting', { ownError: end === 'error' });
        for (const value of values) socket.next(value);
        if (end === 'close') socket.close(4001);
        else socket.error(new Error('boom'));
        await recording.ended;
        expect(recording.close.unsent).toEqual(values);
        expect(recording.close.unsent[0]).toBe(values[0]);
        expect(statusOf(socket).queued).toBe(0);
      }
    });

    it('S13: are unsent when complete() ends a wait at once', async () => {
      const { socket, recording } = await inPhase(lab, 'waiting');
      socket.next('too late');
      socket.complete();
      await recording.ended;
      expect(facts(recording.close)).toMatchObject({ code: 1000, wasClean: true, initiator: 'local', opened: false, unsent: ['too late'] });
    });

    it('S13: are unsent when the attempt that complete() waited for fails', async () => {
      const { peer, socket, recording } = await inPhase(lab, 'connecting');
      socket.next('never');
      socket.complete();
      await peer.at(0).answerHandshake('drop');
      await recording.ended;
      expect(facts(recording.close)).toMatchObject({ code: 1006, wasClean: false, initiator: 'local', opened: false, unsent: ['never'] });
      await lab.settled();
      expect(await peer.count()).toBe(1);
    });

    it('S13: are taken away by the last unsubscribe, with a warning', async () => {
      const { peer, base, socket, recording } = await inPhase(lab, 'connecting');
      socket.next('gone');
      recording.unsubscribe();
      expect(lab.warnings(base)).toMatchObject([{ kind: 'dropped', values: ['gone'] }]);
      const fresh = lab.record(socket.events);
      await fresh.until('open');
      socket.next('kept');
      expect(await peer.at(1).jsons(1)).toEqual(['kept']);
    });

    it('S13: are taken away by close() on an idle subject, with a warning', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer);
      socket.next('gone');
      socket.close();
      expect(lab.warnings(socket)).toMatchObject([{ kind: 'dropped', values: ['gone'] }]);
      expect(statusOf(socket)).toEqual({ state: 'idle', queued: 0 });
      expect(await peer.count()).toBe(0);
    });

    it('S9: the last unsubscribe does not shorten a graceful shutdown under way', async () => {
      const { peer, socket, recording } = await inPhase(lab, 'connecting', { unsubscribeCode: 4009 });
      of(1, 2).subscribe(socket);
      recording.unsubscribe();
      await peer.at(0).answerHandshake();
      expect(await peer.at(0).jsons(2)).toEqual([1, 2]);
      expect((await peer.at(0).closeFrame()).code).toBe(1000);
    });

    it('S15: are limited: by default one more is dropped and reported, and no other is affected', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer, { outbox: { maxValues: 2 } });
      const warnings: unknown[] = [];
      socket.warnings.subscribe((warning) => warnings.push(warning));
      of(1, 2, 3, 4, 5).subscribe({ next: (value) => socket.next(value) });
      const refused = await socket.send(6).catch((error: unknown) => error);
      expect(refused).toMatchObject({ name: 'OutboxOverflowError', value: 6 });
      const recording = lab.record(socket.events);
      await recording.until('open');
      socket.next(7);
      expect(await peer.at(0).jsons(3)).toEqual([1, 2, 7]);
      const why = 'outbox full (drop-newest)';
      expect(warnings).toEqual([{ kind: 'dropped', values: [3], count: 1, why }, { kind: 'dropped', values: [4], count: 3, why }]);
    });

    it("S15: with 'throw', one more throws an OutboxOverflowError, and no other is affected", async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer, { outbox: { maxValues: 2, overflow: 'throw' } });
      socket.next(1);
      socket.next(2);
      const overflow = thrownBy(() => socket.next(3));
      expect(overflow).toBeInstanceOf(OutboxOverflowError);
      expect(overflow).toMatchObject({ name: 'OutboxOverflowError', value: 3 });
      const recording = lab.record(socket.events);
      await recording.until('open');
      for (let value = 4; value < 10; value++) socket.next(value);
      expect(await peer.at(0).jsons(8)).toEqual([1, 2, 4, 5, 6, 7, 8, 9]);
    });

    it('S14: that cannot be serialised throw a SerializeError from next(), and no other is affected', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer);
      const circular: Record<string, unknown> = {};
      circular['self'] = circular;
      socket.next('before');
      const idle = thrownBy(() => socket.next(circular));
      const recording = lab.record(socket.events);
      await recording.until('open');
      const open = thrownBy(() => socket.next(circular));
      socket.next('behind');
      for (const error of [idle, open]) {
        expect(error).toBeInstanceOf(SerializeError);
        expect(error).toMatchObject({ name: 'SerializeError', value: circular });
        expect((error as Error).cause).toBeInstanceOf(TypeError);
      }
      expect(await peer.at(0).jsons(2)).toEqual(['before', 'behind']);
      expect(recording.terminal).toBeNull();
    });
  });
}

function thrownBy(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return 'nothing was thrown';
}

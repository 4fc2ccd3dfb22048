import { describe, expect, it } from 'vitest';
import { after, closeEvent, messages, reconnectOnCode } from '../../../src/index.js';
import { cleanClose, facts, statusOf, type Lab } from './Lab.js';
import { inPhase } from './phases.js';

export function faces(lab: Lab): void {
  describe('faces and subscribers', () => {
    it('S10: status and warnings never connect, and status replays the present', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer);
      const face = socket.pipeEvents(reconnectOnCode());
      const states: string[] = [];
      socket.status.subscribe(({ state }) => states.push(state));
      face.status.subscribe(({ state }) => states.push(state));
      face.warnings.subscribe();
      await lab.settled();
      expect(states).toEqual(['idle', 'idle']);
      expect(await peer.count()).toBe(0);
    });

    it('S11: a late subscriber first gets connecting', async () => {
      const peer = await lab.peer({ handshake: 'hold' });
      const socket = lab.socket(peer);
      const first = lab.record(socket.events);
      await peer.at(0).requested();
      const late = lab.record(socket.events, { late: true });
      expect(late.grammar).toBe('c');
      await peer.at(0).answerHandshake();
      await late.until('open');
      await peer.at(0).close(1000);
      await Promise.all([first.ended, late.ended]);
      expect(late.grammar).toBe('cox|');
      expect(late.close).toBe(first.close);
      expect(await peer.count()).toBe(1);
    });

    it('S11: a late subscriber first gets open, and no message that came before', async () => {
      const { peer, socket, recording } = await lab.open();
      await lab.roundTrip(socket, recording, peer);
      const late = lab.record(socket.events, { late: true });
      expect(late.grammar).toBe('o');
      await peer.at(0).json('both');
      await late.until('message');
      expect(late.messages).toEqual(['both']);
      expect(recording.messages).toEqual([{ answer: 0 }, 'both']);
    });

    it('S11: a late subscriber first gets reconnecting, and what it waits for', async () => {
      const { peer, socket, recording } = await inPhase(lab, 'waiting');
      const late = lab.record(socket.events, { late: true });
      expect(late.grammar).toBe('r');
      expect(late.all('reconnecting')[0]).toMatchObject({ attempt: 1, closeEvent: recording.all('reconnecting')[0]?.closeEvent });
      late.all('reconnecting')[0]?.retryNow();
      await late.until('open');
      expect(recording.grammar).toBe('crco');
      expect(late.grammar).toBe('rco');
      expect(await peer.count()).toBe(2);
    });

    it('S17: at a 1012 the base completes, and the face that reconnects goes on', async () => {
      const peer = await lab.peer();
      const base = lab.socket(peer);
      const face = base.pipeEvents(reconnectOnCode({ 1012: after(0) }));
      const plain = lab.record(base.events);
      const reconnecting = lab.record(face.events, { late: true });
      await reconnecting.until('open');
      await peer.at(0).close(1012, 'restart');
      await plain.ended;
      expect(facts(plain.close)).toEqual(cleanClose({ code: 1012, reason: 'restart' }));
      await reconnecting.until('open', 2);
      expect(reconnecting.grammar).toBe('corco');
      expect(plain.grammar).toBe('cox|');
      await lab.roundTrip(base, reconnecting, peer, 1);
      expect(statusOf(base)).toEqual(statusOf(face));
      expect(await peer.mostAlive()).toBe(1);
    });

    it('S17: a subscriber of the base joins the wait of another face', async () => {
      const { peer, base, recording } = await inPhase(lab, 'waiting');
      const joined = lab.record(base.events, { late: true });
      expect(joined.grammar).toBe('r');
      joined.all('reconnecting')[0]?.retryNow();
      await joined.until('open');
      expect(joined.grammar).toBe('rco');
      expect(recording.grammar).toBe('crco');
      expect(await peer.count()).toBe(2);
    });

    it('S17: several subscribers of several faces share one connection and one end', async () => {
      const peer = await lab.peer();
      const base = lab.socket(peer);
      const face = base.pipeEvents(reconnectOnCode({ 1012: after(0) }));
      const all = [lab.record(face.events), lab.record(face.events, { late: true }), lab.record(base.events, { late: true })];
      await Promise.all(all.map((recording) => recording.until('open')));
      await peer.at(0).json('to all');
      await Promise.all(all.map((recording) => recording.until('message')));
      face.close(4001);
      await Promise.all(all.map((recording) => recording.ended));
      expect(new Set(all.map(({ close }) => close)).size).toBe(1);
      expect(all.map(({ messages }) => messages)).toEqual([['to all'], ['to all'], ['to all']]);
      expect(await peer.count()).toBe(1);
    });

    it('S2: closeEvent() gives the close of either kind and completes, messages() ends as the session did', async () => {
      for (const action of [{ do: 'close', code: 1012 } as const, { do: 'destroy' } as const]) {
        const peer = await lab.peer({ onOpen: [{ do: 'text', text: '1' }, action] });
        const socket = lab.socket(peer);
        const log: unknown[] = [];
        const recording = lab.record(socket.events);
        socket.events.pipe(closeEvent()).subscribe({ next: (event) => log.push(event), complete: () => log.push('complete') });
        socket.events.pipe(messages()).subscribe({
          next: (message) => log.push(message), complete: () => log.push('messages complete'), error: (error: unknown) => log.push(error),
        });
        await recording.ended;
        expect(log).toHaveLength(4);
        expect(log[0]).toBe(1);
        expect(log).toContain(recording.close);
        expect(log).toContain('complete');
        expect(log).toContain(recording.terminal === 'complete' ? 'messages complete' : recording.error);
      }
    });
  });
}

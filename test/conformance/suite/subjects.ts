import { describe, expect, it } from 'vitest';
import { after, closeEvent, messages, reconnectOnCode } from '../../../src/index.js';
import { cleanClose, facts, statusOf, type Lab } from './Lab.js';
import { inPhase } from './phases.js';

export function subjects(lab: Lab): void {
  describe('subjects and subscribers', () => {
    it('S10: status and warnings never connect, and status replays the present', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer);
      const derived = socket.pipeEvents(reconnectOnCode());
      const states: string[] = [];
      socket.status.subscribe(({ state }) => states.push(state));
      derived.status.subscribe(({ state }) => states.push(state));
      derived.warnings.subscribe();
      await lab.settled();
      expect(states).toEqual(['idle', 'idle']);
      expect(await peer.count()).toBe(0);
    });

    it('S11: a late subscriber first receives connecting', async () => {
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

    it('S11: a late subscriber first receives open, and no earlier message', async () => {
      const { peer, socket, recording } = await lab.open();
      await lab.roundTrip(socket, recording, peer);
      const late = lab.record(socket.events, { late: true });
      expect(late.grammar).toBe('o');
      await peer.at(0).json('both');
      await late.until('message');
      expect(late.messages).toEqual(['both']);
      expect(recording.messages).toEqual([{ answer: 0 }, 'both']);
    });

    it('S11: a late subscriber first receives reconnecting, and then the connection', async () => {
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

    it('S9: with linger, who subscribes soon after the last unsubscribe finds the connection open', async () => {
      const { peer, socket, recording } = await lab.open({}, { linger: 600_000, unsubscribeCode: 4009 });
      for (let change = 0; change < 3; change++) {
        recording.unsubscribe();
        socket.next(change);
        const later = lab.record(socket.events, { late: true });
        expect(later.grammar).toBe('o');
        later.unsubscribe();
      }
      expect(await peer.at(0).jsons(3)).toEqual([0, 1, 2]);
      socket.unsubscribe();
      expect((await peer.at(0).closeFrame()).code).toBe(4009);
      expect(await peer.count()).toBe(1);
    });

    it('S17: at a 1012 the base completes, and the subject that reconnects goes on', async () => {
      const peer = await lab.peer();
      const base = lab.socket(peer);
      const derived = base.pipeEvents(reconnectOnCode({ 1012: after(0) }));
      const plain = lab.record(base.events);
      const reconnecting = lab.record(derived.events, { late: true });
      await reconnecting.until('open');
      await peer.at(0).close(1012, 'restart');
      await plain.ended;
      expect(facts(plain.close)).toEqual(cleanClose({ code: 1012, reason: 'restart' }));
      await reconnecting.until('open', 2);
      expect(reconnecting.grammar).toBe('corco');
      expect(plain.grammar).toBe('cox|');
      await lab.roundTrip(base, reconnecting, peer, 1);
      expect(statusOf(base)).toEqual(statusOf(derived));
      expect(await peer.mostAlive()).toBe(1);
    });

    it.each(['base first', 'derived first'])('S10: policies decide before any subscriber receives a close, %s', async (order) => {
      for (const [code, state] of [[1012, 'waiting'], [4401, 'closed']] as const) {
        const peer = await lab.peer();
        const log: string[] = [];
        const closeObserver = { next: () => void log.push(`closeObserver: ${statusOf(base).state}`) };
        const base = lab.socket(peer, { closeObserver });
        const derived = base.pipeEvents(
          reconnectOnCode(({ closeEvent: { code: received } }) => {
            log.push('policy');
            return received === 1012 ? 600_000 : null;
          }),
        );
        const hook = ({ type }: { readonly type: string }): void => {
          if (type === 'close' || type === 'reconnecting') log.push(`subscriber: ${statusOf(base).state}`);
        };
        const events = order === 'base first' ? [base.events, derived.events] : [derived.events, base.events];
        const recordings = events.map((one, index) => lab.record(one, { hook, late: index > 0 }));
        await recordings[0]?.until('open');
        await peer.at(0).close(code);
        await recordings[order === 'base first' ? 0 : 1]?.ended;
        expect([log[0], log.slice(1).sort()]).toEqual(['policy', [`closeObserver: ${state}`, `subscriber: ${state}`, `subscriber: ${state}`]]);
        base.close();
        for (const { ended } of recordings) await ended;
      }
    });

    it('S17: a subscriber of the base joins the wait of another subject', async () => {
      const { peer, base, recording } = await inPhase(lab, 'waiting');
      const joined = lab.record(base.events, { late: true });
      expect(joined.grammar).toBe('r');
      joined.all('reconnecting')[0]?.retryNow();
      await joined.until('open');
      expect(joined.grammar).toBe('rco');
      expect(recording.grammar).toBe('crco');
      expect(await peer.count()).toBe(2);
    });

    it('S17: several subscribers of several subjects share one connection and one end', async () => {
      const peer = await lab.peer();
      const base = lab.socket(peer);
      const derived = base.pipeEvents(reconnectOnCode({ 1012: after(0) }));
      const all = [lab.record(derived.events), lab.record(derived.events, { late: true }), lab.record(base.events, { late: true })];
      await Promise.all(all.map((recording) => recording.until('open')));
      await peer.at(0).json('to all');
      await Promise.all(all.map((recording) => recording.until('message')));
      derived.close(4001);
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

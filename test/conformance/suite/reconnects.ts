import { describe, expect, it, vi } from 'vitest';
import { after, CloseCode, reconnectOnCode, stop, type ReconnectAttempt } from '../../../src/index.js';
import { cleanClose, facts, type Lab } from './Lab.js';

export function reconnects(lab: Lab): void {
  describe('reconnecting', () => {
    it('S8: a server that accepts and drops is counted like one that refuses', async () => {
      const peer = await lab.peer({ onOpen: [{ do: 'destroy' }] });
      const policy = vi.fn(({ attempt }: ReconnectAttempt) => (attempt <= 4 ? 0 : null));
      const recording = lab.record(lab.socket(peer).pipeEvents(reconnectOnCode(policy)).events);
      await recording.ended;
      expect(recording.grammar).toMatch(/^(co?r){4}co?x!$/);
      expect(policy.mock.calls.map(([{ attempt }]) => attempt)).toEqual([1, 2, 3, 4, 5]);
      expect(recording.all('connecting').map(({ attempt }) => attempt)).toEqual([0, 1, 2, 3, 4]);
      expect(recording.all('reconnecting').map(({ closeEvent }) => closeEvent.attempt)).toEqual([0, 1, 2, 3]);
      expect(recording.close.attempt).toBe(4);
      expect(await peer.count()).toBe(5);
    });

    it('S8: a stable connection resets the count', async () => {
      const peer = await lab.peer({ handshake: 'drop' }, { handshake: 'drop' }, {});
      const policy = vi.fn(() => 0);
      const socket = lab.socket(peer, { stableAfter: 0 }).pipeEvents(reconnectOnCode(policy));
      const recording = lab.record(socket.events);
      expect((await recording.until('open')).attempt).toBe(2);
      await peer.at(2).close(1012);
      expect((await recording.until('open', 2)).attempt).toBe(1);
      expect(policy.mock.calls.map((call: unknown[]) => (call[0] as ReconnectAttempt).attempt)).toEqual([1, 2, 1]);
      expect(recording.all('reconnecting').at(-1)?.closeEvent.attempt).toBe(2);
    });

    it('S7: keeps one connection at a time, over drops, refusals and clean closes', async () => {
      const peer = await lab.peer(
        { onOpen: [{ do: 'destroy' }] }, { handshake: 'drop' }, { onOpen: [{ do: 'close', code: 1012 }] }, { handshake: { status: 503 } },
        { onOpen: [{ do: 'close', code: 1000 }, { do: 'fin' }] }, {},
      );
      const socket = lab.socket(peer).pipeEvents(reconnectOnCode(after(0)));
      const recording = lab.record(socket.events);
      await peer.at(5).opened();
      await lab.roundTrip(socket, recording, peer, 5);
      expect(recording.grammar).toMatch(/^co?rcrcorcrcorcom$/);
      expect(await peer.mostAlive()).toBe(1);
    });

    it('S2: the closes of its connections travel inside reconnecting, and only the last is a close', async () => {
      const peer = await lab.peer({ onOpen: [{ do: 'close', code: 1012, reason: 'restart' }] }, { onOpen: [{ do: 'close', code: 4401 }] });
      const recording = lab.record(lab.socket(peer).pipeEvents(reconnectOnCode({ 1012: after(0) })).events);
      await recording.ended;
      expect(recording.grammar).toBe('corcox|');
      const [reconnecting] = recording.all('reconnecting');
      expect(reconnecting).toMatchObject({ attempt: 1, delay: 0 });
      expect(reconnecting?.closeEvent).toMatchObject(cleanClose({ code: 1012, reason: 'restart' }));
      expect(facts(recording.close)).toEqual(cleanClose({ code: 4401, attempt: 1 }));
    });

    it('S6: a policy that declines changes nothing: same values, same terminal, same error', async () => {
      for (const action of [{ do: 'destroy' } as const, { do: 'close', code: CloseCode.ServiceRestart } as const]) {
        const peer = await lab.peer();
        const base = lab.socket(peer);
        const plain = lab.record(base.events);
        const derived = lab.record(base.pipeEvents(reconnectOnCode(stop)).events, { late: true });
        await derived.until('open');
        await peer.at(0).do({ do: 'text', text: '1' }, action);
        await Promise.all([plain.ended, derived.ended]);
        expect(derived.grammar).toBe(plain.grammar);
        expect(derived.close).toBe(plain.close);
        expect(derived.error).toBe(plain.error);
      }
    });

    it('S10: the status of a session never passes through closed between connections', async () => {
      const peer = await lab.peer({}, { handshake: 'drop' }, {});
      const socket = lab.socket(peer).pipeEvents(reconnectOnCode(after(0)));
      const states: string[] = [];
      socket.status.subscribe(({ state }) => state === states.at(-1) || states.push(state));
      const recording = lab.record(socket.events);
      await recording.until('open');
      await peer.at(0).close(1012);
      await recording.until('open', 2);
      socket.close();
      await recording.ended;
      expect(states.filter((state) => state === 'closed')).toHaveLength(1);
      expect(states.at(-1)).toBe('closed');
      expect(states.slice(0, 3)).toEqual(['idle', 'connecting', 'open']);
      expect(states.slice(-3)).toEqual(['open', 'closing', 'closed']);
    });
  });
}

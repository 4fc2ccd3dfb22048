import { describe, expect, it } from 'vitest';
import { cleanClose, endOf, facts, statusOf, type Lab } from './Lab.js';

export function sessions(lab: Lab): void {
  describe('a new session', () => {
    it('S7: begins at once after close(), and the old one ends for its own subscribers only', async () => {
      const { peer, socket, recording: old } = await lab.open({ onClose: 'hold' });
      socket.close(4001, 'old');
      const fresh = lab.record(socket.events);
      await fresh.until('open');
      expect((await peer.at(0).closeFrame()).code).toBe(4001);
      expect(old.terminal).toBeNull();
      await peer.at(0).json('late');
      await peer.at(0).answerClose();
      await old.ended;
      expect(facts(old.close)).toEqual(cleanClose({ code: 4001, reason: 'old', initiator: 'local', sent: { code: 4001, reason: 'old' } }));
      expect(old.grammar).toBe('cox|');
      await lab.roundTrip(socket, fresh, peer, 1);
      expect(fresh.grammar).toBe('com');
    });

    it('S7: status and close() belong to it from then on', async () => {
      const { peer, socket, recording: old } = await lab.open({ onClose: 'hold' });
      socket.close(4001);
      const fresh = lab.record(socket.events);
      await fresh.until('open');
      expect(statusOf(socket).state).toBe('open');
      socket.close(4002);
      expect((await peer.at(1).closeFrame()).code).toBe(4002);
      await peer.at(1).answerClose();
      await fresh.ended;
      expect(fresh.close.code).toBe(4002);
      expect(old.terminal).toBeNull();
      await peer.at(0).answerClose();
      await old.ended;
      expect(endOf(socket)).toBe(fresh.close);
    });

    it('S7: begins at once after close() of one that was connecting', async () => {
      const peer = await lab.peer({ handshake: 'hold' }, {});
      const socket = lab.socket(peer);
      const old = lab.record(socket.events);
      await peer.at(0).requested();
      socket.close(4001);
      const fresh = lab.record(socket.events);
      await old.ended;
      expect(old.grammar).toBe('cx|');
      await fresh.until('open');
      await lab.roundTrip(socket, fresh, peer, 1);
      await peer.at(0).gone();
      expect(fresh.grammar).toBe('com');
    });

    it('S7: begins at once after the last unsubscribe while connecting, and is not ended by the old one', async () => {
      const peer = await lab.peer({ handshake: 'hold' }, {});
      const socket = lab.socket(peer);
      const old = lab.record(socket.events);
      await peer.at(0).requested();
      old.unsubscribe();
      const fresh = lab.record(socket.events);
      await fresh.until('open');
      await peer.at(0).gone();
      await lab.roundTrip(socket, fresh, peer, 1);
      expect(fresh.grammar).toBe('com');
      expect(old.grammar).toBe('c');
    });

    it('S7: connects only when the old one, which still has values to send, has sent its Close', async () => {
      const peer = await lab.peer({ handshake: 'hold' }, {});
      const socket = lab.socket(peer);
      const old = lab.record(socket.events);
      await peer.at(0).requested();
      socket.next('last words');
      socket.complete();
      const fresh = lab.record(socket.events);
      expect(fresh.grammar).toBe('c');
      expect(await peer.count()).toBe(1);
      await peer.at(0).answerHandshake();
      await old.ended;
      await lab.roundTrip(socket, fresh, peer, 1);
      expect(await peer.at(0).jsons(1)).toEqual(['last words']);
      expect(old.grammar).toBe('cox|');
      expect(fresh.grammar).toBe('com');
      expect(await peer.mostAlive()).toBe(1);
    });

    it('S7: begins after one has ended, and counts from 0 again', async () => {
      const { peer, socket, recording } = await lab.open();
      await peer.at(0).close(1012);
      await recording.ended;
      const fresh = lab.record(socket.events);
      expect((await fresh.until('open')).attempt).toBe(0);
      expect(await peer.mostAlive()).toBe(1);
    });

    it('S18: no message after our Close is delivered, and all before it are', async () => {
      const { peer, socket, recording } = await lab.open({ onClose: 'hold' });
      await peer.at(0).json('before');
      await recording.until('message');
      socket.close();
      await peer.at(0).closeFrame();
      await peer.at(0).do({ do: 'text', text: '"after"' }, { do: 'text', text: '{bad' });
      await peer.at(0).answerClose();
      await recording.ended;
      expect(recording.messages).toEqual(['before']);
      expect(facts(recording.close)).toMatchObject({ code: 1000, wasClean: true });
    });
  });
}

import { BehaviorSubject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { after, reconnectOnCode, stop, suspendWhile } from '../../../src/index.js';
import { cleanClose, statusOf, type Lab } from './Lab.js';

/** Ends of a connection by your code that are not ends of the session. */
export function replacements(lab: Lab): void {
  describe('reconnect()', () => {
    it('S5: closes an open connection with 1000 and makes another one; the outbox is kept', async () => {
      const peer = await lab.peer({ onClose: 'hold' }, {});
      const socket = lab.socket(peer);
      const recording = lab.record(socket.events);
      await recording.until('open');
      socket.reconnect();
      expect(await peer.at(0).closeFrame()).toMatchObject({ code: 1000, reason: '' });
      socket.next('meanwhile');
      expect(statusOf(socket)).toMatchObject({ state: 'closing', code: 1000, queued: 1 });
      await peer.at(0).answerClose();
      expect(await peer.at(1).jsons(1)).toEqual(['meanwhile']);
      await lab.roundTrip(socket, recording, peer, 1);
      expect(recording.grammar).toBe('corcom');
      expect(recording.all('reconnecting')[0]?.closeEvent).toMatchObject(cleanClose({ initiator: 'local', sent: { code: 1000, reason: '' } }));
      expect(await peer.mostAlive()).toBe(1);
    });

    it('S5: does not wait for a server that does not answer the Close', async () => {
      const peer = await lab.peer({ onClose: 'hold' }, {});
      const socket = lab.socket(peer, { closeTimeout: 60_000 }).pipeEvents(reconnectOnCode(stop));
      const recording = lab.record(socket.events);
      await recording.until('open');
      socket.reconnect();
      await lab.roundTrip(socket, recording, peer, 1);
      expect(recording.all('reconnecting')[0]).toMatchObject({ delay: 0, closeEvent: { code: 1006, initiator: 'local' } });
    });

    it('S5: abandons a pending attempt and makes another one, with a new call of the url function', async () => {
      const held = await lab.peer({ handshake: 'hold' });
      const peer = await lab.peer();
      const urls = [held.url, peer.url];
      const socket = lab.socket(held, { url: () => urls.shift() ?? '' });
      const recording = lab.record(socket.events);
      await held.at(0).requested();
      socket.reconnect();
      await held.at(0).gone();
      await lab.roundTrip(socket, recording, peer);
      expect(recording.grammar).toBe('crcom');
    });

    it('S5: cuts a wait short', async () => {
      const peer = await lab.peer({ handshake: { status: 503 } }, {});
      const socket = lab.socket(peer).pipeEvents(reconnectOnCode(after(60_000)));
      const recording = lab.record(socket.events);
      await recording.until('reconnecting');
      socket.reconnect();
      await lab.roundTrip(socket, recording, peer, 1);
      expect(recording.grammar).toBe('crcom');
    });
  });

  describe('suspendWhile', () => {
    it('S5: the connection is closed while the signal is true, none is made, and a new one afterwards', async () => {
      const peer = await lab.peer();
      const isAway = new BehaviorSubject(false);
      const socket = lab.socket(peer).pipeEvents(reconnectOnCode(after(0)), suspendWhile(isAway, { code: 4000, reason: 'away' }));
      const recording = lab.record(socket.events);
      await recording.until('open');
      isAway.next(true);
      expect(await peer.at(0).closeFrame()).toMatchObject({ code: 4000, reason: 'away' });
      expect((await recording.until('reconnecting')).closeEvent).toMatchObject({ code: 4000, initiator: 'local' });
      expect(statusOf(socket)).toMatchObject({ state: 'waiting', why: 'suspended', until: null });
      socket.next('later');
      await lab.settled();
      expect(await peer.count()).toBe(1);
      isAway.next(false);
      expect(await peer.at(1).jsons(1)).toEqual(['later']);
      await lab.roundTrip(socket, recording, peer, 1);
      expect(recording.grammar).toBe('corcom');
    });

    it('S5: a pending attempt is abandoned, and none begins', async () => {
      const peer = await lab.peer({ handshake: 'hold' }, {});
      const isAway = new BehaviorSubject(false);
      const socket = lab.socket(peer).pipeEvents(suspendWhile(isAway));
      const recording = lab.record(socket.events);
      await peer.at(0).requested();
      isAway.next(true);
      await peer.at(0).gone();
      expect(recording.grammar).toBe('cr');
      isAway.next(false);
      await lab.roundTrip(socket, recording, peer, 1);
      expect(recording.grammar).toBe('crcom');
      const other = lab.socket(peer).pipeEvents(suspendWhile(new BehaviorSubject(true)));
      const suspended = lab.record(other.events);
      await lab.settled();
      expect(suspended.grammar).toBe('cr');
      expect(await peer.count()).toBe(2);
      other.close(4001, 'enough');
      expect(suspended.close).toMatchObject({ code: 4001, reason: 'enough', wasClean: true, opened: false });
    });
  });
}

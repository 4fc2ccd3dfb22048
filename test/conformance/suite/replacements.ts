import { BehaviorSubject, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { after, reconnectOnCode, stop, suspendWhile } from '../../../src/index.js';
import { cleanClose, statusOf, type Lab } from './Lab.js';

/** Ends of a connection by the program that are not ends of the session. */
export function replacements(lab: Lab): void {
  describe('reconnectOnCode with now', () => {
    it('S5: closes an open connection with 1000 and replaces it; the outbox is kept', async () => {
      const peer = await lab.peer({ onClose: 'hold' }, {});
      const now = new Subject<void>();
      const socket = lab.socket(peer).pipeEvents(reconnectOnCode(stop, { now }));
      const recording = lab.record(socket.events);
      await recording.until('open');
      now.next();
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

    it('S5: gives an attempt up and makes another one, with a url asked for anew', async () => {
      const held = await lab.peer({ handshake: 'hold' });
      const peer = await lab.peer();
      const urls = [held.url, peer.url];
      const now = new Subject<void>();
      const socket = lab.socket(held, { url: () => urls.shift() ?? '' }).pipeEvents(reconnectOnCode(stop, { now }));
      const recording = lab.record(socket.events);
      await held.at(0).requested();
      now.next();
      await held.at(0).gone();
      await lab.roundTrip(socket, recording, peer);
      expect(recording.grammar).toBe('crcom');
    });

    it('S5: cuts a wait short', async () => {
      const peer = await lab.peer({ handshake: { status: 503 } }, {});
      const now = new Subject<void>();
      const socket = lab.socket(peer).pipeEvents(reconnectOnCode(after(60_000), { now }));
      const recording = lab.record(socket.events);
      await recording.until('reconnecting');
      now.next();
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

    it('S5: an attempt under way is given up, and one is not begun', async () => {
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

import { describe, expect, it } from 'vitest';
import { after, heartbeat, reconnectOnCode } from '../../../src/index.js';
import { facts, lostConnection, type Lab } from './Lab.js';

export function heartbeats(lab: Lab): void {
  describe('heartbeat', () => {
    it('S3: keeps a connection whose peer answers, and sends pings on it', async () => {
      const peer = await lab.peer({ onMessage: 'echo' });
      const beating = heartbeat<unknown, unknown>({ every: 5, timeout: 5_000, ping: () => 'ping', isPong: (message) => message === 'ping', hidePongs: true });
      const socket = lab.socket(peer).pipeEvents(beating);
      const recording = lab.record(socket.events);
      expect((await peer.at(0).jsons(1))[0]).toBe('ping');
      socket.next('mine');
      expect((await recording.until('message')).data).toBe('mine');
      expect(recording.messages).toEqual(['mine']);
    });

    it('S3: ends a connection whose peer is silent, and the policy decides', async () => {
      const peer = await lab.peer({}, { onMessage: 'echo' });
      const beating = heartbeat<unknown, unknown>({ every: 5, timeout: 50, ping: () => 'ping' });
      const socket = lab.socket(peer).pipeEvents(beating, reconnectOnCode({ 1006: after(0) }));
      const recording = lab.record(socket.events);
      const { closeEvent } = await recording.until('reconnecting');
      expect(facts(closeEvent as never)).toEqual(lostConnection({}));
      expect(closeEvent.cause).toMatchObject({ name: 'WebSocketTimeoutError', phase: 'heartbeat' });
      await recording.until('open', 2);
    });

    it('S3: finds a connection that is half open, on which nobody says that it is lost, and replaces it', async () => {
      const peer = await lab.peer({ onMessage: 'echo' });
      const beating = heartbeat<unknown, unknown>({ every: 5, timeout: 500, ping: () => 'ping', isPong: (message) => message === 'ping', hidePongs: true });
      const socket = lab.socket(await peer.proxied()).pipeEvents(beating, reconnectOnCode({ 1006: after(0) }));
      const recording = lab.record(socket.events);
      socket.next('before');
      expect((await recording.until('message')).data).toBe('before');

      await peer.stall();
      const { closeEvent } = await recording.until('reconnecting');
      expect(facts(closeEvent as never)).toEqual(lostConnection({}));
      expect(closeEvent.cause).toMatchObject({ name: 'WebSocketTimeoutError', phase: 'heartbeat' });
      socket.next('after');
      expect((await recording.until('message', 2)).data).toBe('after');

      // The server has heard nothing of the first connection's end: it was found by silence alone.
      expect((await peer.logs()).map(({ gone }) => gone)).toEqual([false, false]);
    });

    it('S3: without a message to send, uses the pings of the protocol where there are any', async () => {
      const peer = await lab.peer();
      const base = lab.socket(peer);
      const socket = base.pipeEvents(heartbeat({ every: 5, timeout: 5_000 }));
      const recording = lab.record(socket.events);
      const open = await recording.until('open');
      const canPing = lab.transport.terminates;
      expect(typeof open.ping).toBe(canPing ? 'function' : 'undefined');
      expect(lab.warnings(base).map(({ kind }) => kind)).toEqual(canPing ? [] : ['callback']);
      if (open.ping) expect(await open.ping()).toBeGreaterThanOrEqual(0);
      await lab.roundTrip(socket, recording, peer);
      socket.close();
      await recording.ended;
      if (open.ping) await expect(open.ping()).rejects.toMatchObject({ name: 'InvalidStateError' });
    });
  });
}

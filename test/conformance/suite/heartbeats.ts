import { describe, expect, it } from 'vitest';
import { after, heartbeat, ping, reconnectOnCode } from '../../../src/index.js';
import { facts, lostConnection, type Lab } from './Lab.js';

export function heartbeats(lab: Lab): void {
  describe('heartbeat', () => {
    it('S19: keeps a connection whose server answers, and sends pings on it', async () => {
      const peer = await lab.peer({ onMessage: 'echo' });
      const beating = heartbeat<unknown, unknown>({ every: 5, timeout: 5_000, ping: () => 'ping', isPong: (message) => message === 'ping', hidePongs: true });
      const socket = lab.socket(peer).pipeEvents(beating);
      const recording = lab.record(socket.events);
      expect((await peer.at(0).jsons(1))[0]).toBe('ping');
      socket.next('mine');
      expect((await recording.until('message')).data).toBe('mine');
      expect(recording.messages).toEqual(['mine']);
    });

    it('S19: ends a connection whose server is silent, and the policy decides', async () => {
      const peer = await lab.peer({}, { onMessage: 'echo' });
      const beating = heartbeat<unknown, unknown>({ every: 5, timeout: 50, ping: () => 'ping' });
      const socket = lab.socket(peer).pipeEvents(beating, reconnectOnCode({ 1006: after(0) }));
      const recording = lab.record(socket.events);
      const { closeEvent } = await recording.until('reconnecting');
      expect(facts(closeEvent as never)).toEqual(lostConnection({}));
      expect(closeEvent.cause).toMatchObject({ name: 'WebSocketTimeoutError', phase: 'heartbeat' });
      await recording.until('open', 2);
    });

    it('S19: ends a half-open connection, which has no close event, and reconnects', async () => {
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

      // The server does not know that the first connection has ended: only the silence has shown it.
      expect((await peer.logs()).map(({ gone }) => gone)).toEqual([false, false]);
    });

    it('S19: waits 1 s longer for each 100 kB that stand before a ping', async () => {
      const peer = await lab.peer({ onOpen: [{ do: 'stop-reading' }] });
      const socket = lab.socket(peer).pipeEvents(heartbeat<unknown, unknown>({ every: 5, timeout: 50, ping: () => 'ping' }));
      const recording = lab.record(socket.events);
      socket.next('x'.repeat(100_000));
      await recording.ended;
      expect(recording.close.cause).toMatchObject({ name: 'WebSocketTimeoutError', phase: 'heartbeat', ms: 1_050 });
    });

    it('S19: with expectEvery sends nothing, and ends a connection on which nothing arrives any more', async () => {
      const peer = await lab.peer({ onOpen: [{ do: 'text', text: '"a quote"' }] });
      const base = lab.socket(peer);
      const socket = base.pipeEvents(heartbeat({ expectEvery: 50 }), reconnectOnCode({ 1006: after(0) }));
      const recording = lab.record(socket.events);
      const { closeEvent } = await recording.until('reconnecting');
      expect(facts(closeEvent as never)).toEqual(lostConnection({}));
      expect(closeEvent.cause).toMatchObject({ name: 'WebSocketTimeoutError', phase: 'heartbeat', ms: 50 });
      await recording.until('open', 2);
      expect(recording.messages[0]).toBe('a quote');
      expect((await peer.logs()).map(({ messages }) => messages)).toEqual([[], []]);
      expect(lab.warnings(base)).toEqual([]);
    });

    it('S19: without a message to send, uses the pings of the protocol where there are any', async () => {
      const peer = await lab.peer();
      const base = lab.socket(peer);
      const socket = base.pipeEvents(heartbeat({ every: 5, timeout: 5_000 }));
      const recording = lab.record(socket.events);
      const open = await recording.until('open');
      const canPing = lab.transport.isWs === true;
      expect(lab.warnings(base).map(({ kind }) => kind)).toEqual(canPing ? [] : ['callback']);
      if (canPing) expect(await ping(open)).toBeGreaterThanOrEqual(0);
      else await expect(ping(open)).rejects.toBeInstanceOf(TypeError);
      await lab.roundTrip(socket, recording, peer);
      socket.close();
      await recording.ended;
      if (canPing) await expect(ping(open)).rejects.toMatchObject({ name: 'InvalidStateError' });
    });
  });
}

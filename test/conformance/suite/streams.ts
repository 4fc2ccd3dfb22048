import { describe, expect, it } from 'vitest';
import { after, CloseEvent, reconnectOnCode, toWebStreams, WebSocketCloseError } from '../../../src/index.js';
import { cleanClose, facts, type Lab } from './Lab.js';

export function streams(lab: Lab): void {
  describe('toWebStreams', () => {
    it('S1: connects, reads and writes, and ends with the clean close of the server', async () => {
      const peer = await lab.peer();
      const { readable, writable, closed } = toWebStreams(lab.socket(peer));
      const writer = writable.getWriter();
      const reader = readable.getReader();
      await writer.write('out');
      expect(await peer.at(0).jsons(1)).toEqual(['out']);
      await peer.at(0).json('in');
      expect(await reader.read()).toEqual({ done: false, value: 'in' });
      await peer.at(0).close(1001, 'bye');
      expect(await reader.read()).toEqual({ done: true, value: undefined });
      const event = await closed;
      expect(event).toBeInstanceOf(CloseEvent);
      expect(facts(event)).toEqual(cleanClose({ code: 1001, reason: 'bye' }));
      await expect(writer.write('late')).rejects.toMatchObject({ name: 'InvalidStateError' });
    });

    it('S2: both error with the error of an unclean end, after the messages before it', async () => {
      const peer = await lab.peer({ onOpen: [{ do: 'text', text: '1' }, { do: 'text', text: '2' }, { do: 'destroy' }] });
      const { readable, writable, closed } = toWebStreams(lab.socket(peer));
      const error: unknown = await closed.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(WebSocketCloseError);
      const reader = readable.getReader();
      expect((await reader.read()).value).toBe(1);
      expect((await reader.read()).value).toBe(2);
      expect(await reader.read().catch((reason: unknown) => reason)).toBe(error);
      expect(await writable.getWriter().closed.catch((reason: unknown) => reason)).toBe(error);
    });

    it('S13: closing the writable sends the outbox, then Close 1000, and waits for the end', async () => {
      const peer = await lab.peer({ handshake: 'hold' });
      const { readable, writable, closed } = toWebStreams(lab.socket(peer));
      const writer = writable.getWriter();
      const written = writer.write('queued');
      const isClosed = writer.close();
      await peer.at(0).requested();
      await peer.at(0).answerHandshake();
      await Promise.all([written, isClosed]);
      expect(await peer.at(0).jsons(1)).toEqual(['queued']);
      expect((await peer.at(0).closeFrame()).code).toBe(1000);
      expect(facts(await closed)).toEqual(cleanClose({ initiator: 'local', sent: { code: 1000, reason: '' } }));
      expect(await readable.getReader().read()).toEqual({ done: true, value: undefined });
    });

    it('S2: aborting the writable ends as error() does', async () => {
      const boom = new Error('boom');
      for (const [reason, sent] of [[{ code: 4100, reason: 'enough' }, { code: 4100, reason: 'enough' }], [boom, { code: 1000, reason: '' }]]) {
        const peer = await lab.peer();
        const socket = lab.socket(peer);
        const recording = lab.record(socket.events, { ownError: reason === boom });
        await recording.until('open');
        const { writable, closed } = toWebStreams(socket);
        await writable.abort(reason);
        await recording.ended;
        expect(await peer.at(0).closeFrame()).toMatchObject(sent as object);
        expect(await closed.catch((error: unknown) => error)).toBe(reason === boom ? boom : recording.close);
      }
    });

    it('S9: cancelling the readable unsubscribes: the last one closes with 1000', async () => {
      const { peer, socket, recording } = await lab.open();
      const others = toWebStreams(socket);
      await others.readable.cancel();
      await expect(others.writable.getWriter().write('x')).rejects.toMatchObject({ name: 'AbortError' });
      await lab.roundTrip(socket, recording, peer);
      recording.unsubscribe();
      expect((await peer.at(0).closeFrame()).code).toBe(1000);
      expect(facts(await others.closed)).toEqual(cleanClose({ initiator: 'local', sent: { code: 1000, reason: '' } }));
    });

    it('S17: goes on over the connections of a subject that reconnects', async () => {
      const peer = await lab.peer({ onOpen: [{ do: 'text', text: '1' }, { do: 'close', code: 1012 }] }, {});
      const { readable, writable } = toWebStreams(lab.socket(peer).pipeEvents(reconnectOnCode({ 1012: after(0) })));
      const reader = readable.getReader();
      expect((await reader.read()).value).toBe(1);
      await peer.at(1).opened();
      await writable.getWriter().write('again');
      expect(await peer.at(1).jsons(1)).toEqual(['again']);
      await peer.at(1).json(2);
      expect((await reader.read()).value).toBe(2);
    });
  });
}

import { describe, expect, it, vi } from 'vitest';
import { after, DeserializeError, reconnectOnCode, SchemaError, withSchema, type StandardSchema } from '../../../src/index.js';
import { cleanClose, facts, type Lab } from './Lab.js';

/** Halves even numbers, and rejects anything else. */
const halves: StandardSchema<number> = {
  '~standard': {
    version: 1,
    vendor: 'conformance',
    validate: (message) => (Number(message) % 2 === 0 ? { value: Number(message) / 2 } : { issues: [{ message: 'not even' }] }),
  },
};

export function callbacks(lab: Lab): void {
  describe('messages', () => {
    it('are JSON both ways, in any script', async () => {
      const { peer, socket, recording } = await lab.open({ onMessage: 'echo' });
      const values = [1, null, 'ロボ 🔌 ü', { deep: [{ er: true }] }, '', 'x'.repeat(70_000)];
      for (const value of values) socket.next(value);
      await recording.until('message', values.length);
      expect(recording.messages).toEqual(values);
      expect(await peer.at(0).jsons(values.length)).toEqual(values);
    });

    it('may be binary, with a serializer, a deserializer and binaryType', async () => {
      const peer = await lab.peer({ onMessage: 'echo' });
      const socket = lab.socket(peer, {
        binaryType: 'arraybuffer',
        serializer: (value) => new Uint8Array(value as number[]),
        deserializer: ({ data }) => {
          expect(Object.prototype.toString.call(data)).toBe('[object ArrayBuffer]');
          return [...new Uint8Array(data as ArrayBuffer)];
        },
      });
      const recording = lab.record(socket.events);
      await recording.until('open');
      socket.next([0, 127, 255]);
      await recording.until('message');
      expect(recording.messages).toEqual([[0, 127, 255]]);
      expect(await peer.at(0).binaries(1)).toEqual(['007fff']);
    });

    it('S14: that cannot be read close with 1000 and end the session with a DeserializeError', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer).pipeEvents(reconnectOnCode(after(0)));
      const recording = lab.record(socket.events, { ownError: true });
      await recording.until('open');
      await peer.at(0).do({ do: 'text', text: '"good"' }, { do: 'text', text: '{bad' }, { do: 'text', text: '"behind"' });
      await recording.ended;
      expect(await peer.at(0).closeFrame()).toMatchObject({ code: 1000 });
      expect(recording.grammar).toBe('comx!');
      expect(recording.messages).toEqual(['good']);
      expect(facts(recording.close)).toEqual(cleanClose({ initiator: 'local', sent: { code: 1000, reason: '' } }));
      expect(recording.error).toBeInstanceOf(DeserializeError);
      expect(recording.error).toMatchObject({ name: 'DeserializeError', data: '{bad' });
      expect((recording.error as Error).cause).toBeInstanceOf(SyntaxError);
      await lab.settled();
      expect(await peer.count()).toBe(1);
    });

    it('S14: are the output of the schema; one that it rejects closes with 1000 and ends the session with a SchemaError', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer, { deserializer: withSchema(halves) }).pipeEvents(reconnectOnCode(after(0)));
      const recording = lab.record(socket.events, { ownError: true });
      await recording.until('open');
      await peer.at(0).do({ do: 'text', text: '4' }, { do: 'text', text: '5' }, { do: 'text', text: '6' });
      await recording.ended;
      expect(await peer.at(0).closeFrame()).toMatchObject({ code: 1000 });
      expect(recording.grammar).toBe('comx!');
      expect(recording.messages).toEqual([2]);
      expect(facts(recording.close)).toEqual(cleanClose({ initiator: 'local', sent: { code: 1000, reason: '' } }));
      expect(recording.error).toBeInstanceOf(SchemaError);
      expect(recording.error).toMatchObject({ data: 5, issues: [{ message: 'not even' }] });
      await lab.settled();
      expect(await peer.count()).toBe(1);
    });
  });

  describe('observers in the config', () => {
    it('are notified of the open, of our closing, and of the close', async () => {
      const received: string[] = [];
      const { socket, recording } = await lab.open({}, {
        openObserver: { next: ({ type }: { type?: string }) => void received.push(`open ${type ?? ''}`) },
        closingObserver: { next: () => void received.push('closing') },
        closeObserver: { next: ({ type, code }) => void received.push(`${type} ${code}`) },
      });
      socket.close(4001);
      await recording.ended;
      expect(received).toEqual(['open open', 'closing', 'close 4001']);
    });

    it('S16: that throw are reported on warnings, and the session goes on', async () => {
      const failing = (name: string) => ({ next: vi.fn(() => { throw new Error(name); }) });
      const observers = { openObserver: failing('open'), closingObserver: failing('closing'), closeObserver: failing('close') };
      const { peer, socket, recording } = await lab.open({}, observers);
      await lab.roundTrip(socket, recording, peer);
      socket.close(4001);
      await recording.ended;
      expect(facts(recording.close)).toMatchObject({ code: 4001, wasClean: true });
      expect((await peer.at(0).closeFrame()).code).toBe(4001);
      for (const { next } of Object.values(observers)) expect(next).toHaveBeenCalledTimes(1);
      const warnings = lab.warnings(socket);
      expect(warnings).toMatchObject(Array(3).fill({ kind: 'callback' }));
      const errors = warnings.map((warning) => (warning.kind === 'callback' ? String(warning.error) : ''));
      expect(errors).toEqual(['Error: open', 'Error: closing', 'Error: close']);
    });

    it('S16: that throw at a refused handshake are reported on warnings, too', async () => {
      const peer = await lab.peer({ handshake: 'drop' });
      const socket = lab.socket(peer, { closeObserver: { next: () => { throw new Error('close'); } } });
      const recording = lab.record(socket.events);
      await recording.ended;
      expect(recording.grammar).toBe('cx!');
      expect(lab.warnings(socket)).toMatchObject([{ kind: 'callback' }]);
    });
  });
}

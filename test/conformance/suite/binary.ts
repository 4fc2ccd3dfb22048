import { describe, expect, it } from 'vitest';
import { after, DeserializeError, reconnectOnCode, SerializeError } from '../../../src/index.js';
import type { Lab } from './Lab.js';
import { inPhase } from './phases.js';

/** Passes the data through in both directions. */
const raw = {
  serializer: (value: unknown) => value as string,
  deserializer: ({ data }: { readonly data: unknown }) => data,
};

const hex = (bytes: ArrayBufferLike | ArrayLike<number>): string =>
  [...new Uint8Array(bytes as ArrayBuffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Returns the kind of a message and all of its bytes: an `ArrayBuffer` that held more than the message would show. */
async function inShort(data: unknown): Promise<string> {
  if (typeof data === 'string') return `text ${data}`;
  const tag = Object.prototype.toString.call(data).slice(8, -1);
  return `${tag} ${hex(tag === 'Blob' ? await (data as Blob).arrayBuffer() : (data as ArrayBuffer))}`;
}

const [before, bytes, behind] = [9, [1, 2, 3], 8];
const around = (): Uint8Array<ArrayBuffer> => new Uint8Array([before, ...bytes, behind]);
/** Pages that are not isolated have no global name for it. */
const SharedMemory = new WebAssembly.Memory({ initial: 0, maximum: 0, shared: true }).buffer.constructor as SharedArrayBufferConstructor;
const NodeBuffer = ((globalThis as { Buffer?: unknown }).Buffer ?? Uint8Array) as Uint8ArrayConstructor;

function resizable(): ArrayBuffer {
  const buffer = new (ArrayBuffer as unknown as new (length: number, options: object) => ArrayBuffer)(3, { maxByteLength: 8 });
  new Uint8Array(buffer).set(bytes);
  return buffer;
}

function shared(): Uint8Array<SharedArrayBuffer> {
  const view = new Uint8Array(new SharedMemory(5));
  view.set(around());
  return view;
}

const outgoing: readonly (readonly [name: string, make: () => unknown, wire: { text: string } | { binary: string }])[] = [
  ['text', () => 'ü🔌', { text: 'ü🔌' }],
  ['empty text', () => '', { text: '' }],
  ['an ArrayBuffer', () => new Uint8Array(bytes).buffer, { binary: '010203' }],
  ['an empty ArrayBuffer', () => new ArrayBuffer(0), { binary: '' }],
  ['a part, as a Uint8Array', () => around().subarray(1, 4), { binary: '010203' }],
  ['a part, as a DataView', () => new DataView(around().buffer, 1, 3), { binary: '010203' }],
  ['16-bit numbers', () => new Uint16Array([0x0101, 0x0202]), { binary: '01010202' }],
  ['a part of a Node Buffer (in a page of a Uint8Array)', () => NodeBuffer.from(around()).subarray(1, 4), { binary: '010203' }],
  ['shared memory', () => shared().buffer, { binary: '0901020308' }],
  ['a part of shared memory', () => shared().subarray(1, 4), { binary: '010203' }],
  ['resizable memory', () => resizable(), { binary: '010203' }],
  ['a part of resizable memory', () => new Uint8Array(resizable(), 1), { binary: '0203' }],
];

export function binary(lab: Lab): void {
  describe('incoming binary messages', () => {
    it.each([
      ['by default', undefined, 'ArrayBuffer'],
      ["with binaryType 'arraybuffer'", 'arraybuffer', 'ArrayBuffer'],
      ["with binaryType 'blob'", 'blob', 'Blob'],
    ] as const)('have %s the requested type, and hold only the message; text is a string', async (_, binaryType, kind) => {
      const { peer, recording } = await lab.open({}, { ...raw, binaryType });
      const connection = peer.at(0);
      await connection.do(
        { do: 'frame', opcode: 2, payload: '00ff' }, { do: 'text', text: '' }, { do: 'frame', opcode: 2, payload: '' }, { do: 'text', text: 'ü' },
        { do: 'frame', opcode: 2, payload: '01', fin: false }, { do: 'frame', opcode: 0, payload: '02' },
      );
      await connection.binary('ab'.repeat(70_000));
      await recording.until('message', 6);
      expect(await Promise.all(recording.messages.map(inShort))).toEqual([
        `${kind} 00ff`, 'text ', `${kind} `, 'text ü', `${kind} 0102`, `${kind} ${'ab'.repeat(70_000)}`,
      ]);
    });

    it('have it on every connection of a session', async () => {
      const peer = await lab.peer({ onOpen: [{ do: 'frame', opcode: 2, payload: '01' }, { do: 'close', code: 1012 }] }, {
        onOpen: [{ do: 'frame', opcode: 2, payload: '02' }],
      });
      const recording = lab.record(lab.socket(peer, { ...raw, binaryType: 'blob' }).pipeEvents(reconnectOnCode(after(0))).events);
      await recording.until('message', 2);
      expect(await Promise.all(recording.messages.map(inShort))).toEqual(['Blob 01', 'Blob 02']);
    });

    it('S14: are rejected by the default deserializer', async () => {
      const peer = await lab.peer();
      const recording = lab.record(lab.socket(peer).events, { ownError: true });
      await recording.until('open');
      await peer.at(0).binary('7b7d');
      await recording.ended;
      expect(recording.error).toBeInstanceOf(DeserializeError);
      expect((recording.error as DeserializeError).cause).toBeInstanceOf(TypeError);
      expect(await inShort((recording.error as DeserializeError).data)).toBe('ArrayBuffer 7b7d');
    });
  });

  describe('outgoing binary messages', () => {
    it.each(outgoing)('%s: sends these bytes, in a frame of their kind', async (_, make, wire) => {
      const { peer, socket } = await lab.open({}, raw);
      const value = make();
      const kept = value instanceof SharedMemory ? hex(value) : '';
      socket.next(value);
      expect(await peer.at(0).messages(1)).toEqual([wire]);
      // `ws` would mask shared memory in place.
      if (value instanceof SharedMemory) expect(hex(value)).toBe(kept);
    });

    it('S13: all kinds wait for the open, and arrive in order', async () => {
      const { peer, socket } = await inPhase(lab, 'connecting', raw);
      for (const [, make] of outgoing) socket.next(make());
      await peer.at(0).answerHandshake();
      expect(await peer.at(0).messages(outgoing.length)).toEqual(outgoing.map(([, , wire]) => wire));
    });

    it('S14: a Blob throws a SerializeError from next(), and no other value is affected', async () => {
      const { peer, socket } = await lab.open({}, raw);
      const blob = new Blob(['b']);
      expect(() => socket.next(blob)).toThrow(SerializeError);
      await expect(socket.send(blob)).rejects.toMatchObject({ name: 'SerializeError', value: blob });
      socket.next('next');
      expect(await peer.at(0).messages(1)).toEqual([{ text: 'next' }]);
    });

    it('arrive as they were when next() was called, whatever your code writes there afterwards', async () => {
      const { peer, socket } = await inPhase(lab, 'connecting', raw);
      const memory = new Uint8Array(4);
      const send = (byte: number): void => {
        memory.fill(byte);
        socket.next(memory.subarray(1, 3));
      };
      send(1);
      send(2);
      memory.fill(0);
      await peer.at(0).answerHandshake();
      await peer.at(0).messages(2);
      for (const byte of [3, 4, 5]) send(byte);
      memory.fill(0);
      expect(await peer.at(0).messages(5)).toEqual(['0101', '0202', '0303', '0404', '0505'].map((binary) => ({ binary })));
    });

    it('S14: transferred memory throws a SerializeError from next(), and no other value is affected', async () => {
      const { peer, socket } = await lab.open({}, raw);
      const view = around();
      structuredClone(view.buffer, { transfer: [view.buffer] });
      for (const gone of [view.buffer, view]) expect(() => socket.next(gone)).toThrow(SerializeError);
      socket.next('behind');
      expect(await peer.at(0).messages(1)).toEqual([{ text: 'behind' }]);
    });

    it('S12: can be sent at once with send() of the open event', async () => {
      const { peer, recording } = await lab.open({}, raw);
      const open = await recording.until('open');
      open.send(around().subarray(1, 4));
      expect(await peer.at(0).messages(1)).toEqual([{ binary: '010203' }]);
    });

    it('return from an echo unchanged, with 256 KiB', async () => {
      const { socket, recording } = await lab.open({ onMessage: 'echo' }, raw);
      const value = Uint8Array.from({ length: 1 << 18 }, (_, index) => index * 7);
      socket.next(value);
      const { data } = await recording.until('message');
      const back = new Uint8Array(data as ArrayBuffer);
      expect([back.length, back.findIndex((byte, index) => byte !== value[index])]).toEqual([value.length, -1]);
    });
  });
}

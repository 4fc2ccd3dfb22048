import { describe, expect, it } from 'vitest';
import { after, DeserializeError, reconnectOnCode, SerializeError, type BlobLike } from '../../../src/index.js';
import type { Lab } from './Lab.js';
import { inPhase } from './phases.js';

/** What comes and goes is what the program sees: nothing is made of it. */
const raw = {
  serializer: (value: unknown) => value as string,
  deserializer: ({ data }: { readonly data: unknown }) => data,
};

const hex = (bytes: ArrayBufferLike | ArrayLike<number>): string =>
  [...new Uint8Array(bytes as ArrayBuffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The kind of a message and what is in it, all of it: an `ArrayBuffer` that held more than the message would show. */
async function inShort(data: unknown): Promise<string> {
  if (typeof data === 'string') return `text ${data}`;
  const tag = Object.prototype.toString.call(data).slice(8, -1);
  return `${tag} ${hex(tag === 'Blob' ? await (data as Blob).arrayBuffer() : (data as ArrayBuffer))}`;
}

const [before, bytes, behind] = [9, [1, 2, 3], 8];
const around = (): Uint8Array<ArrayBuffer> => new Uint8Array([before, ...bytes, behind]);
/** Pages that are not isolated have no name for it, but they have it. */
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
  ['a part that a Uint8Array shows', () => around().subarray(1, 4), { binary: '010203' }],
  ['a part that a DataView shows', () => new DataView(around().buffer, 1, 3), { binary: '010203' }],
  ['numbers of 16 bits', () => new Uint16Array([0x0101, 0x0202]), { binary: '01010202' }],
  ['a part of a Node Buffer (in a page of a Uint8Array)', () => NodeBuffer.from(around()).subarray(1, 4), { binary: '010203' }],
  ['a Blob', () => new Blob([new Uint8Array(bytes)], { type: 'image/png' }), { binary: '010203' }],
  ['an empty Blob', () => new Blob([]), { binary: '' }],
  ['a File', () => new File(['a'], 'a.txt', { type: 'text/plain' }), { binary: '61' }],
  ['shared memory', () => shared().buffer, { binary: '0901020308' }],
  ['a part of shared memory', () => shared().subarray(1, 4), { binary: '010203' }],
  ['memory that may grow', () => resizable(), { binary: '010203' }],
  ['a part of memory that may grow', () => new Uint8Array(resizable(), 1), { binary: '0203' }],
];

/** A Blob whose reading the test ends. */
function slowBlob(): { blob: BlobLike; wasAsked: Promise<void>; give(data: ArrayBuffer): void; fail(error: Error): void } {
  let asked = (): void => undefined;
  const wasAsked = new Promise<void>((resolve) => (asked = resolve));
  let [give, fail]: [(data: ArrayBuffer) => void, (error: Error) => void] = [() => undefined, () => undefined];
  const content = new Promise<ArrayBuffer>((resolve, reject) => ([give, fail] = [resolve, reject]));
  const arrayBuffer = (): Promise<ArrayBuffer> => {
    asked();
    return content;
  };
  return { blob: { size: 3, type: '', arrayBuffer }, wasAsked, give, fail };
}

export function binary(lab: Lab): void {
  describe('binary messages that come', () => {
    it.each([
      ['by default', undefined, 'ArrayBuffer'],
      ["with binaryType 'arraybuffer'", 'arraybuffer', 'ArrayBuffer'],
      ["with binaryType 'blob'", 'blob', 'Blob'],
    ] as const)('are %s what was asked for, and nothing but the message; text is a string', async (_, binaryType, kind) => {
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

    it('are so on every connection of a session', async () => {
      const peer = await lab.peer({ onOpen: [{ do: 'frame', opcode: 2, payload: '01' }, { do: 'close', code: 1012 }] }, {
        onOpen: [{ do: 'frame', opcode: 2, payload: '02' }],
      });
      const recording = lab.record(lab.socket(peer, { ...raw, binaryType: 'blob' }).pipeEvents(reconnectOnCode(after(0))).events);
      await recording.until('message', 2);
      expect(await Promise.all(recording.messages.map(inShort))).toEqual(['Blob 01', 'Blob 02']);
    });

    it('S14: are refused by the default deserializer, which says why', async () => {
      const peer = await lab.peer();
      const recording = lab.record(lab.socket(peer).events, { ownError: true });
      await recording.until('open');
      await peer.at(0).binary('7b7d');
      await recording.ended;
      expect(recording.error).toBeInstanceOf(DeserializeError);
      expect((recording.error as Error).message).toContain('a binary message came, and JSON is text');
      expect(await inShort((recording.error as DeserializeError).data)).toBe('ArrayBuffer 7b7d');
    });
  });

  describe('binary messages that go', () => {
    it.each(outgoing)('%s: these bytes, in a frame of their kind', async (_, make, wire) => {
      const { peer, socket } = await lab.open({}, raw);
      const value = make();
      const kept = value instanceof SharedMemory ? hex(value) : '';
      socket.next(value);
      expect(await peer.at(0).messages(1)).toEqual([wire]);
      // `ws` would mask shared memory where it stands.
      if (value instanceof SharedMemory) expect(hex(value)).toBe(kept);
    });

    it('S13: all kinds wait for the open, and arrive in order', async () => {
      const { peer, socket } = await inPhase(lab, 'connecting', raw);
      for (const [, make] of outgoing) socket.next(make());
      await peer.at(0).answerHandshake();
      expect(await peer.at(0).messages(outgoing.length)).toEqual(outgoing.map(([, , wire]) => wire));
    });

    it('S13: arrive in order when Blobs stand between others', async () => {
      const { peer, socket } = await lab.open({}, raw);
      for (const value of ['a', new Blob(['b']), 'c', new Uint8Array([4]), new Blob(['e'.repeat(70_000)]), new Blob(['f']), 'g']) socket.next(value);
      expect(await peer.at(0).messages(7)).toEqual([
        { text: 'a' }, { binary: '62' }, { text: 'c' }, { binary: '04' }, { binary: '65'.repeat(70_000) }, { binary: '66' }, { text: 'g' },
      ]);
    });

    it('S13: complete() sends a Blob, and what came after it, before Close', async () => {
      const { peer, socket, recording } = await lab.open({}, raw);
      for (const value of ['a', new Blob(['b']), 'c']) socket.next(value);
      socket.complete();
      await recording.ended;
      expect(await peer.at(0).messages(3)).toEqual([{ text: 'a' }, { binary: '62' }, { text: 'c' }]);
      expect(await peer.at(0).closeFrame()).toMatchObject({ code: 1000 });
      expect(recording.close).toMatchObject({ wasClean: true, unsent: [] });
    });

    it('S13: close() names a Blob that was not read yet, and what came after it', async () => {
      const { peer, socket, recording } = await lab.open({}, raw);
      const blob = new Blob(['b']);
      for (const value of ['a', blob, 'c']) socket.next(value);
      socket.close(4001);
      await recording.ended;
      expect(recording.close.unsent).toEqual([blob, 'c']);
      expect(await peer.at(0).messages(1)).toEqual([{ text: 'a' }]);
    });

    it('S13: a Blob that was being read when the connection was lost goes out on the next, once', async () => {
      const { blob, wasAsked, give } = slowBlob();
      const { peer, socket, recording } = await inPhase(lab, 'open', raw);
      for (const value of [blob, 'behind']) socket.next(value);
      await wasAsked;
      await peer.at(0).end();
      await recording.until('open', 2);
      give(new Uint8Array(bytes).buffer);
      expect(await peer.at(1).messages(2)).toEqual([{ binary: '010203' }, { text: 'behind' }]);
      expect((await peer.logs())[0]?.messages).toEqual([]);
    });

    it('S14: a Blob that cannot be read is dropped with a warning, and harms no other', async () => {
      const { blob, fail } = slowBlob();
      const { peer, socket } = await lab.open({}, raw);
      for (const value of ['a', blob, 'c']) socket.next(value);
      fail(new Error('the file has changed'));
      expect(await peer.at(0).messages(2)).toEqual([{ text: 'a' }, { text: 'c' }]);
      expect(lab.warnings(socket)).toEqual([
        { kind: 'dropped', values: [blob], why: 'its Blob could not be read: Error: the file has changed' },
      ]);
    });

    it('are as they were when next() was called, whatever the program writes there afterwards', async () => {
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

    it('S14: memory that was transferred throws a SerializeError from next() and harms no other', async () => {
      const { peer, socket } = await lab.open({}, raw);
      const view = around();
      structuredClone(view.buffer, { transfer: [view.buffer] });
      for (const gone of [view.buffer, view]) expect(() => socket.next(gone)).toThrow(SerializeError);
      socket.next('behind');
      expect(await peer.at(0).messages(1)).toEqual([{ text: 'behind' }]);
    });

    it('S12: may go out at once with send() of the open event, but for a Blob', async () => {
      const { peer, recording } = await lab.open({}, raw);
      const open = await recording.until('open');
      expect(() => open.send(new Blob(['b']))).toThrow(SerializeError);
      open.send(around().subarray(1, 4));
      expect(await peer.at(0).messages(1)).toEqual([{ binary: '010203' }]);
    });

    it('come back from an echo as they went, 256 KiB of them', async () => {
      const { socket, recording } = await lab.open({ onMessage: 'echo' }, raw);
      const value = Uint8Array.from({ length: 1 << 18 }, (_, index) => index * 7);
      socket.next(value);
      const { data } = await recording.until('message');
      const back = new Uint8Array(data as ArrayBuffer);
      expect([back.length, back.findIndex((byte, index) => byte !== value[index])]).toEqual([value.length, -1]);
    });
  });
}

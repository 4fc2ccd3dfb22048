import { describe, expect, it } from 'vitest';
import { closeBody, encodeFrame, FrameReader, Opcode } from './frames.js';

/** What a client sends: the server's frame with a mask bit, a mask, and masked bytes. */
function masked(opcode: number, payload: Buffer, fin = true): Buffer {
  const plain = encodeFrame(opcode, payload, fin);
  const head = plain.subarray(0, plain.length - payload.length);
  head.writeUInt8(head.readUInt8(1) | 0x80, 1);
  const mask = Buffer.from([1, 2, 3, 4]);
  return Buffer.concat([head, mask, payload.map((byte, i) => byte ^ mask.readUInt8(i % 4))]);
}

describe('frames', () => {
  it('have a head of 2, 4 or 10 bytes, by their length', () => {
    expect(encodeFrame(Opcode.text, Buffer.from('hi')).toString('hex')).toBe('81026869');
    expect(encodeFrame(Opcode.binary, Buffer.alloc(126)).subarray(0, 4).toString('hex')).toBe('827e007e');
    expect(encodeFrame(Opcode.binary, Buffer.alloc(65_536)).subarray(0, 10).toString('hex')).toBe('827f0000000000010000');
  });

  it('may be fragments, and may bear a reserved opcode', () => {
    expect(encodeFrame(Opcode.text, Buffer.from('a'), false).toString('hex')).toBe('010161');
    expect(encodeFrame(3, Buffer.alloc(0)).toString('hex')).toBe('8300');
  });

  it('close with any code of 16 bits, or with an empty body', () => {
    expect(closeBody(null).length).toBe(0);
    expect(closeBody(65_535, 'x').toString('hex')).toBe('ffff78');
  });

  it.each([5, 126, 70_000])('are read back whole when %i bytes come in packets cut anywhere', (length) => {
    const payload = Buffer.alloc(length, 'abc');
    const bytes = Buffer.concat([masked(Opcode.binary, payload), masked(Opcode.close, closeBody(4000, 'bye'))]);
    for (const cut of [1, 3, 7, length]) {
      const reader = new FrameReader();
      const frames = [...reader.push(bytes.subarray(0, cut)), ...reader.push(bytes.subarray(cut))];
      expect(frames.map(({ opcode, masked: isMasked, fin }) => ({ opcode, isMasked, fin }))).toEqual([
        { opcode: Opcode.binary, isMasked: true, fin: true },
        { opcode: Opcode.close, isMasked: true, fin: true },
      ]);
      expect(frames[0]?.payload.equals(payload)).toBe(true);
      expect(frames[1]?.payload.toString('hex')).toBe(closeBody(4000, 'bye').toString('hex'));
    }
  });
});

/** The frames of RFC 6455 as bytes. Nothing here refuses what the standard forbids: the suite needs illegal frames too. */

export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  fin: boolean;
  reserved: number;
  opcode: number;
  masked: boolean;
  payload: Buffer;
  /** The frame as it came. */
  bytes: Buffer;
}

/** An unmasked frame, as a server sends it. */
export function encodeFrame(opcode: number, payload: Uint8Array, fin = true): Buffer {
  const first = (fin ? 0x80 : 0) | (opcode & 0x7f);
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), payload]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) head.writeUInt16BE(length, 2);
  else head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

/** The body of a Close frame; without a code it is empty. */
export function closeBody(code: number | null, reason = ''): Buffer {
  if (code === null) return Buffer.alloc(0);
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return Buffer.concat([head, Buffer.from(reason)]);
}

/** Cuts the bytes that a client sent into frames, whatever the packets they came in. */
export class FrameReader {
  private pending = Buffer.alloc(0);

  /** What follows the last whole frame. */
  get rest(): Buffer {
    return this.pending;
  }

  push(bytes: Uint8Array): Frame[] {
    this.pending = Buffer.concat([this.pending, bytes]);
    const frames: Frame[] = [];
    for (let frame = this.take(); frame; frame = this.take()) frames.push(frame);
    return frames;
  }

  private take(): Frame | undefined {
    const bytes = this.pending;
    if (bytes.length < 2) return undefined;
    const first = bytes.readUInt8(0);
    const second = bytes.readUInt8(1);
    const short = second & 0x7f;
    const maskAt = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (bytes.length < maskAt) return undefined;
    const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
    const masked = (second & 0x80) !== 0;
    const payloadAt = maskAt + (masked ? 4 : 0);
    if (bytes.length < payloadAt + length) return undefined;
    const mask = bytes.subarray(maskAt, payloadAt);
    const payload = Buffer.from(bytes.subarray(payloadAt, payloadAt + length));
    if (masked) for (let i = 0; i < length; i++) payload[i] = payload.readUInt8(i) ^ mask.readUInt8(i % 4);
    this.pending = bytes.subarray(payloadAt + length);
    return { fin: (first & 0x80) !== 0, reserved: (first >> 4) & 7, opcode: first & 0x0f, masked, payload, bytes: bytes.subarray(0, payloadAt + length) };
  }
}

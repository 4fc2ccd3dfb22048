import { FrameReader } from './frames.js';

/** A part of one direction of a connection: the head of its handshake, a frame, or what follows the last whole frame. */
export interface Piece {
  readonly kind: 'head' | 'frame' | 'rest';
  /** Of a frame; else -1. */
  readonly opcode: number;
  readonly bytes: Buffer;
}

/** Cuts the bytes of one direction into pieces, whatever the packets they came in. */
export async function* piecesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  const reader = new FrameReader();
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (head !== null) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n') + 4;
      if (end < 4) continue;
      yield { kind: 'head', opcode: -1, bytes: head.subarray(0, end) };
      bytes = head.subarray(end);
      head = null;
    }
    for (const frame of reader.push(bytes)) yield { kind: 'frame', opcode: frame.opcode, bytes: frame.bytes };
  }
  const rest = head ?? reader.rest;
  if (rest.length > 0) yield { kind: 'rest', opcode: -1, bytes: rest };
}

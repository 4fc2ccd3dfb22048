import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { Opcode } from '../server/frames.js';
import type { Piece } from '../server/pieces.js';
import type { Fault, WireWay } from '../server/WireLine.js';

/** Which piece of a direction a fault meets: the head of the handshake, the n-th frame after it, counted from 0, or the first Close. */
export type Place = 'handshake' | 'close' | number;

/** Calls a function with the piece in that place, and forwards the others. */
async function meet(place: Place, pieces: AsyncIterable<Piece>, way: WireWay, met: (piece: Piece) => void): Promise<void> {
  let frames = 0;
  let isMet = false;
  for await (const piece of pieces) {
    const isThere = place === 'handshake' ? piece.kind === 'head' : place === 'close' ? piece.opcode === Opcode.close : piece.kind === 'frame' && frames++ === place;
    if (isThere && !isMet) met(piece);
    else way.write(piece.bytes);
    isMet ||= isThere;
  }
}

/** Each piece takes so many milliseconds. */
export const delay = (ms: number): Fault => async (pieces, way) => {
  for await (const { bytes } of pieces) {
    await wait(ms);
    way.write(bytes);
  }
};

/** The first bytes of each piece arrive one by one, the header of a frame among them, and the others in so many parts. */
export const split = (parts = 16): Fault => async (pieces, way) => {
  for await (const { bytes } of pieces) {
    const length = Math.ceil(bytes.length / parts);
    for (let at = 0; at < bytes.length; ) {
      const end = at < parts ? at + 1 : at + length;
      way.write(bytes.subarray(at, end));
      await nextTurn();
      at = end;
    }
  }
};

/** Pieces leave in one write: first so many together, the head of the handshake among them, then all that come within so many milliseconds. */
export const merge = (first: number, ms: number): Fault => async (pieces, way) => {
  const held: Buffer[] = [];
  let pieceCount = 0;
  const flush = (): void => way.write(Buffer.concat(held.splice(0)));
  for await (const { bytes } of pieces) {
    held.push(bytes);
    if (++pieceCount === first) flush();
    else if (pieceCount > first && held.length === 1) setTimeout(flush, ms);
  }
  flush();
};

/** The connection ends in the middle of a piece. */
export const cut = (place: Place, how: 'FIN' | 'RST'): Fault => (pieces, way) =>
  meet(place, pieces, way, ({ bytes }) => {
    way.write(bytes.subarray(0, bytes.length >> 1));
    if (how === 'FIN') way.cut();
    else way.line.reset();
  });

/** Nothing arrives from this piece on, in this direction or in both, and nothing ends. */
export const halfOpen = (place: Place, ways: 'one' | 'both'): Fault => (pieces, way) =>
  meet(place, pieces, way, () => (ways === 'both' ? way.line.stall() : way.stall()));

/** Bytes that no side has sent arrive before this piece, or in the middle of it. */
export const garbage = (place: Place, where: 'before' | 'within', bytes: Uint8Array): Fault => (pieces, way) =>
  meet(place, pieces, way, (piece) => {
    const at = where === 'before' ? 0 : piece.bytes.length >> 1;
    way.write(Buffer.concat([piece.bytes.subarray(0, at), bytes, piece.bytes.subarray(at)]));
  });

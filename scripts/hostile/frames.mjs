import { constants, deflateRawSync } from 'node:zlib';

export const opcode = { continuation: 0, text: 1, close: 8, ping: 9 };

/** Returns an unmasked frame, as a server sends it. `compressed` sets the bit of `permessage-deflate`. */
export function frame(code, payload, { fin = true, compressed = false } = {}) {
  const body = Buffer.from(payload);
  return Buffer.concat([frameHead(code, body.length, { fin, compressed }), body]);
}

/** Returns the head of a frame alone: a length that the server announces, and need not keep. */
export function frameHead(code, length, { fin = true, compressed = false } = {}) {
  const first = (fin ? 0x80 : 0) | (compressed ? 0x40 : 0) | code;
  if (length < 126) return Buffer.from([first, Number(length)]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) head.writeUInt16BE(Number(length), 2);
  else head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}

/** Returns a Close frame with any code of 16 bits, or with other bytes as its body. */
export const closeFrame = (code, reason = '') => frame(opcode.close, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]));

const quote = deflate('"');
/** A megabyte of spaces: a full flush makes it independent of what came before, so that it can be repeated. */
const megabyte = deflate(' '.repeat(1_000_000));

/** Returns a text message that inflates to so many megabytes of spaces between two quotes: about a thousandth of it goes over the line. */
export const bomb = (megabytes) =>
  frame(opcode.text, Buffer.concat([quote, ...Array.from({ length: megabytes }, () => megabyte), quote]).subarray(0, -4), { compressed: true });

function deflate(text) {
  return deflateRawSync(text, { finishFlush: constants.Z_FULL_FLUSH });
}

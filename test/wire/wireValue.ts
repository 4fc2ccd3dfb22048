/** The values of a talk are numbers. What crosses the wire has the number, and a filling that depends on it, so that a changed byte shows. */

/** Small frames, the limits of each kind of length (RFC 6455 §5.2), what is compressed by default (1,024), and now and then more than one packet. */
const sizes = [0, 20, 119, 120, 121, 300, 1_100, 40];
const large = 70_000;

const sizeOf = (id: number): number => (id % 29 === 17 ? large : (sizes[id % sizes.length] ?? 0));
const fillOf = (id: number): number => 97 + (id % 26);

/** Memory that every binary value is written to, and that is written to again as soon as it was given away. */
const scratch = Buffer.alloc(4 + large);

/** Returns odd numbers as bytes of the shared memory, even ones as text. */
export function encodeValue(id: number): string | Uint8Array {
  if (id % 2 === 0) return JSON.stringify({ id, fill: String.fromCharCode(fillOf(id)).repeat(sizeOf(id)) });
  scratch.writeUInt32BE(id);
  return scratch.subarray(0, 4 + sizeOf(id)).fill(fillOf(id), 4);
}

/** What your code does with its memory once `next()` has returned. */
export function overwrite(): void {
  scratch.fill(0);
}

/** Returns the number; `null` for what no talk has sent, as it was sent. */
export function decodeValue(data: unknown): number | null {
  if (typeof data === 'string') {
    try {
      const { id } = JSON.parse(data) as { id: unknown };
      return typeof id === 'number' && id % 2 === 0 && data === encodeValue(id) ? id : null;
    } catch {
      return null;
    }
  }
  const bytes = Buffer.from(data as ArrayBuffer);
  if (bytes.length < 4) return null;
  const id = bytes.readUInt32BE();
  return id % 2 === 1 && bytes.length === 4 + sizeOf(id) && bytes.subarray(4).every((byte) => byte === fillOf(id)) ? id : null;
}

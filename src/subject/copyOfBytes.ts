/** The bytes of a buffer, or of the part of it that a view shows, in memory of their own. Throws a `TypeError` when the memory was transferred. */
export function copyOfBytes(data: ArrayBufferLike | ArrayBufferView): Uint8Array<ArrayBuffer> {
  const bytes = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
  // Not `bytes.slice()`, whose result is of the class of `bytes`, nor that of a Node `Buffer`, which is a view again.
  return new Uint8Array(bytes);
}

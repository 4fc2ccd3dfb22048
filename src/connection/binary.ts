/** What every transport sends. */
export type Sendable = string | Uint8Array<ArrayBuffer>;

/**
 * Converts the result of a serializer to data that a transport can send. Bytes are copied, so that you may write to their memory as soon as `next()` has
 * returned, and because transports disagree on shared and resizable memory.
 *
 * @throws `TypeError` for anything that is neither text nor binary data, or whose memory was transferred
 *
 * @internal
 */
export function sendable(data: unknown): Sendable {
  if (typeof data === 'string') return data;
  if (ArrayBuffer.isView(data)) return copyOf(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  // By its tag: a buffer may be shared, or come from another realm.
  const tag = Object.prototype.toString.call(data);
  if (/Buffer\]$/.test(tag)) return copyOf(new Uint8Array(data as ArrayBuffer));
  throw new TypeError(`${tag} is neither text nor bytes; of a Blob, send its arrayBuffer()`);
}

/** Not `bytes.slice()`, which keeps the class: that of a Node `Buffer` makes a view again. */
const copyOf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

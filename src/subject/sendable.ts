import { copyOfBytes } from './copyOfBytes.js';
import type { SerializedData } from './config.js';
import { isBlob } from './isBlob.js';

/** What every transport sends as it is. */
export type Sendable = string | ArrayBuffer | ArrayBufferView;

/**
 * What goes out for what a serializer gave; `undefined` for what is neither text nor binary. Throws a `TypeError` for a buffer that was transferred.
 *
 * Bytes in a plain `ArrayBuffer` of this realm are left where they are, and anything else is copied there: shared memory would be sent by undici as
 * the text "[object SharedArrayBuffer]", and be masked by `ws` where it stands; the sockets of browsers and of Node 22 refuse resizable buffers.
 */
export function sendable(data: unknown): SerializedData | undefined {
  if (typeof data === 'string' || isBlob(data)) return data;
  const buffer: unknown = ArrayBuffer.isView(data) ? data.buffer : data;
  if (buffer instanceof ArrayBuffer && (buffer as { resizable?: boolean }).resizable !== true) {
    // One that was transferred looks empty, and some transports would send it so: a view of it cannot be made.
    if (buffer.byteLength === 0) new Uint8Array(buffer);
    return data as ArrayBuffer | ArrayBufferView;
  }
  const tag = Object.prototype.toString.call(buffer);
  const isBinary = tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]';
  return isBinary ? copyOfBytes(data as ArrayBufferLike | ArrayBufferView) : undefined;
}

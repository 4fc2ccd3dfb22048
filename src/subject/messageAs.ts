import { copyOfBytes } from './copyOfBytes.js';
import type { MessageData, WebSocketSubjectConfig } from './config.js';
import { isBlob } from './isBlob.js';

type MessageEvent = { readonly data: MessageData };

/**
 * The event of a message that is not text, with its data as it was asked for. Nearly always that is the transport's own event, untouched: one that
 * knows the `binaryType` keeps to it. But `ws` before 8.18 does not know `'blob'`, what a given socket had begun to read arrives as was set before,
 * and a mock may give anything; what is no binary data at all is left alone. Throws a `TypeError` for what cannot be had.
 */
export function messageAs(binaryType: NonNullable<WebSocketSubjectConfig<unknown>['binaryType']>, event: MessageEvent): MessageEvent {
  const data: unknown = event.data;
  return binaryType === 'arraybuffer' ? asArrayBuffer(event, data) : asBlob(event, data);
}

function asArrayBuffer(event: MessageEvent, data: unknown): MessageEvent {
  if (isArrayBuffer(data)) return event;
  if (isBlob(data)) {
    throw new TypeError("the transport gave a Blob where an ArrayBuffer was asked for, and took no notice of its binaryType: ask for 'blob'");
  }
  const parts = partsOf(data);
  if (parts === undefined) return event;
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(copyOfBytes(part), at);
    at += part.byteLength;
  }
  return { data: bytes.buffer };
}

function asBlob(event: MessageEvent, data: unknown): MessageEvent {
  if (isBlob(data)) return event;
  const parts = isArrayBuffer(data) ? [data] : partsOf(data);
  if (parts === undefined) return event;
  const { Blob } = globalThis as { Blob?: new (parts: Uint8Array[]) => unknown };
  if (Blob === undefined) throw new TypeError("there is no Blob on this platform: ask for binaryType 'arraybuffer'");
  return { data: new Blob(parts.map(copyOfBytes)) };
}

/** By its tag, where the class does not tell: a buffer may come from another realm. */
function isArrayBuffer(data: unknown): data is ArrayBuffer {
  return data instanceof ArrayBuffer || Object.prototype.toString.call(data) === '[object ArrayBuffer]';
}

/** A Node `Buffer`, or the several that `ws` gives as `'fragments'`. */
function partsOf(data: unknown): ArrayBufferView[] | undefined {
  if (ArrayBuffer.isView(data)) return [data];
  return Array.isArray(data) && data.length > 0 && data.every((part) => ArrayBuffer.isView(part)) ? data : undefined;
}

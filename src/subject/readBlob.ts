import type { BlobLike } from './config.js';
import { isBlob } from './isBlob.js';
import type { Queued } from './Outbox.js';
import { sendable } from './sendable.js';

/** Reads the `Blob` of a value that waits, and puts its bytes in its place. Rejects when it cannot be read. */
export async function readBlob(queued: Queued<unknown>, blob: BlobLike): Promise<void> {
  const bytes = sendable(await blob.arrayBuffer());
  if (bytes === undefined || typeof bytes === 'string' || isBlob(bytes)) throw new TypeError('its arrayBuffer() gave no ArrayBuffer');
  queued.data = bytes;
}

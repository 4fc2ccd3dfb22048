import type { BlobLike } from './config.js';

/** Whether a value can be read as a `Blob` can. By its shape: polyfills, and `Blob`s of another realm, are of other classes. */
export function isBlob(value: unknown): value is BlobLike {
  if (typeof value !== 'object' || value === null) return false;
  const { size, arrayBuffer } = value as Partial<BlobLike>;
  return typeof arrayBuffer === 'function' && typeof size === 'number';
}

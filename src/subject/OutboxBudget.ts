import { utf8ByteLength } from '../close/utf8ByteLength.js';
import type { SerializedData } from './config.js';
import type { OutboxLimits } from './settings.js';

/** What all outboxes of a core hold together, and may hold (S15). */
export class OutboxBudget {
  readonly limits: OutboxLimits;
  #values = 0;
  #bytes = 0;

  constructor(limits: OutboxLimits) {
    this.limits = limits;
  }

  get values(): number {
    return this.#values;
  }

  /** Bytes that data takes; 0 where bytes are not counted, since counting reads every character. */
  sizeOf(data: SerializedData): number {
    if (this.limits.maxBytes === Infinity) return 0;
    if (typeof data === 'string') return utf8ByteLength(data);
    return 'byteLength' in data ? data.byteLength : data.size;
  }

  /** The limit that one value more, of so many bytes, would exceed; `without` what is taken out before. */
  exceededBy(bytes: number, without = { length: 0, bytes: 0 }): { limit: number; unit: 'values' | 'bytes' } | null {
    const { maxValues, maxBytes } = this.limits;
    if (this.#values - without.length >= maxValues) return { limit: maxValues, unit: 'values' };
    if (this.#bytes - without.bytes + bytes > maxBytes) return { limit: maxBytes, unit: 'bytes' };
    return null;
  }

  add({ bytes }: { readonly bytes: number }): void {
    this.#values++;
    this.#bytes += bytes;
  }

  remove({ bytes }: { readonly bytes: number }): void {
    this.#values--;
    this.#bytes -= bytes;
  }
}

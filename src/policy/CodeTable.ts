import type { ReconnectPolicy } from './ReconnectPolicy.js';

/**
 * A policy for every close code that needs one: `{ 4401: stop, '4000-4099': after(500) }`.
 *
 * A key is a code, or a range of codes that includes both ends. Codes go up to 65535, since some browsers let through codes that no server may send. An
 * exact code takes precedence over a range, and a narrow range over a wide one. Ranges may nest, but not cross.
 */
export interface CodeTable {
  /** The policy for one close code. */
  readonly [code: number]: ReconnectPolicy;
  /** The policy for the close codes from one to another, both included. */
  readonly [range: `${number}-${number}`]: ReconnectPolicy;
}

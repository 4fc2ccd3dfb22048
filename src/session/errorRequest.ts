import { sendableClose } from '../close/sendableClose.js';
import type { EndRequest } from './EndRequest.js';

/** Returns how `error(err)` ends a session: a sendable `{ code, reason }` closes with them, anything else errors the subscribers (S2). */
export function errorRequest(error: unknown): EndRequest {
  return sendableClose(error) ?? { code: 1000, reason: '', error: { value: error } };
}

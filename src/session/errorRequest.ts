import { sendableClose } from '../close/sendableClose.js';
import type { EndRequest } from './EndRequest.js';

/** Returns how `error(err)` ends a session: `{ code, reason }` that may be sent closes with them, anything else is what subscribers get (S2). */
export function errorRequest(error: unknown): EndRequest {
  return sendableClose(error) ?? { code: 1000, reason: '', error: { value: error } };
}

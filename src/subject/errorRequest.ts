import { sendableClose } from '../close/sendableClose.js';
import type { EndRequest } from './link.js';

/** How a session ends by an error: `{ code, reason }` that may be sent is a close like another, anything else is what subscribers get (S2). */
export function errorRequest(error: unknown): EndRequest {
  const close = sendableClose(error);
  return close ? { ...close, drain: false } : { code: 1000, reason: '', drain: false, error: { value: error } };
}

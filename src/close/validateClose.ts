import { domException } from './domException.js';
import { isSendableCloseCode } from './isSendableCloseCode.js';
import { showValue } from './showValue.js';
import { utf8ByteLength } from './utf8ByteLength.js';
import { wellFormed } from './wellFormed.js';

/** A control frame carries 125 bytes, and the code takes two of them (RFC 6455 §5.5 and §5.5.1). */
const maxReasonBytes = 123;

/**
 * Returns what `close(code, reason)` is to send, or throws when it may not be sent (S4).
 *
 * These are the steps of the WHATWG WebSockets Standard, `close()`, in its order: the code, then the reason. It changes nothing, so a throw
 * leaves everything as it was.
 *
 * @param code - `undefined` means 1000; otherwise 1000 or an integer from 3000 to 4999, without conversion
 * @param reason - `undefined` means none; otherwise converted by `String()` and made well-formed; at most 123 bytes of UTF-8
 * @throws `DOMException` `InvalidAccessError` when your code may not send the code
 * @throws `DOMException` `SyntaxError` when the reason takes more than 123 bytes of UTF-8
 * @throws whatever the reason's own conversion to a string throws
 *
 * @internal
 */
export function validateClose(code: unknown = 1000, reason: unknown = ''): { code: number; reason: string } {
  if (!isSendableCloseCode(code)) {
    throw domException(`close code ${showValue(code)}: not 1000 or 3000–4999`, 'InvalidAccessError');
  }
  const text = wellFormed(String(reason));
  const bytes = utf8ByteLength(text);
  if (bytes > maxReasonBytes) throw domException(`close reason: ${bytes} bytes of UTF-8, above the limit of ${maxReasonBytes}`, 'SyntaxError');
  return { code, reason: text };
}

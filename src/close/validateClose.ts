import { CloseCode } from './CloseCode.js';
import { domException } from './domException.js';
import { isSendableCloseCode } from './isSendableCloseCode.js';
import { showValue } from './showValue.js';
import { utf8ByteLength } from './utf8ByteLength.js';
import { wellFormed } from './wellFormed.js';

/** A control frame carries 125 bytes, and the code takes two of them (RFC 6455 §5.5 and §5.5.1). */
const maxReasonBytes = 123;

/**
 * What a `close(code, reason)` is to send, or a throw when it may not be sent (S4).
 *
 * These are the steps of the WHATWG WebSockets Standard, `close()`, in its order: the code, then the reason. Whatever the transport would
 * have made of the arguments, it only ever gets what this returns. Nothing is changed, so a throw leaves everything as it was.
 *
 * @param code - `undefined` means 1000; otherwise 1000 or an integer from 3000 to 4999. The standard would convert and round, this does not
 * @param reason - `undefined` means none; otherwise it goes through `String()` and is made well-formed; at most 123 bytes of UTF-8
 * @returns the code to send, and the reason, well-formed
 * @throws `DOMException` `InvalidAccessError` when the code may not be sent by a program
 * @throws `DOMException` `SyntaxError` when the reason takes more than 123 bytes of UTF-8
 * @throws whatever the reason's own conversion to a string throws
 *
 * @example
 * ```ts
 * import { validateClose } from './validateClose.js';
 *
 * validateClose(undefined, undefined); // => { code: 1000, reason: '' }
 * validateClose(1001, 'bye'); // throws an InvalidAccessError
 * ```
 *
 * @internal
 */
export function validateClose(code: unknown, reason: unknown): { code: number; reason: string } {
  const sendable: unknown = code === undefined ? CloseCode.NormalClosure : code;
  if (!isSendableCloseCode(sendable)) {
    const problem = `close code ${showValue(code)} may not be sent by a program`;
    throw domException(`${problem}: use 1000 or an integer from 3000 to 4999`, 'InvalidAccessError');
  }
  const text = reason === undefined ? '' : wellFormed(String(reason));
  const bytes = utf8ByteLength(text);
  if (bytes > maxReasonBytes) {
    throw domException(`close reason is ${bytes} bytes of UTF-8: at most ${maxReasonBytes} are allowed`, 'SyntaxError');
  }
  return { code: sendable, reason: text };
}

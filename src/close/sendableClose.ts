import { isSendableCloseCode } from './isSendableCloseCode.js';
import { validateClose } from './validateClose.js';

/**
 * Returns the code and the reason of an object that has them, when they may be sent; `undefined` for everything else. Never throws.
 *
 * @internal
 */
export function sendableClose(given: unknown): { code: number; reason: string } | undefined {
  try {
    const { code, reason } = given as { code?: unknown; reason?: unknown };
    return isSendableCloseCode(code) ? validateClose(code, reason) : undefined;
  } catch {
    return undefined;
  }
}

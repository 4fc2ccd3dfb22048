import { hidesWasClean } from '#transport';

/** The `close` event of a transport. Mocks and React Native leave parts of it out, or give `null`. */
export interface SaidClose {
  readonly code?: number | null | undefined;
  readonly reason?: string | null | undefined;
  readonly wasClean?: boolean | undefined;
}

/** How a connection ended, as far as its transport knows. */
interface KnownClose {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  readonly cause?: unknown;
}

/** What React Native on iOS says when the network is gone, with code 1001. */
const iosDrop = 'Stream end encountered';

/**
 * Reads the `close` event of a connection that was open (S3). If the platform does not say whether it was clean, a code from a Close means that it was.
 *
 * Source: RFC 6455 §7.1.5, for 1005 and 1006.
 */
export function readClose({ code, reason, wasClean }: SaidClose): KnownClose {
  const text = String(reason ?? '');
  const isSilent = wasClean === undefined || hidesWasClean();
  // A clean close without a code means 1005. Deno says 0 instead of 1006.
  const known = code || (wasClean && !isSilent ? (code ?? 1005) : 1006);
  // No Close has arrived: any text is the platform's own.
  if (known === 1006 || (isSilent && text === iosDrop)) return { code: 1006, reason: '', wasClean: false, cause: text || undefined };
  return { code: known, reason: text, wasClean: isSilent ? known !== 1005 && known !== 1015 : wasClean };
}

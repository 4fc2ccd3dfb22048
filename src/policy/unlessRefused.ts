import { knownPolicy } from './knownPolicy.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';

/**
 * Follows another policy until the third handshake in a row is refused with the same 401 or 403, then stops: for the second a fresh token may help, for
 * the third nothing will. It has no name, since `explainPolicy` shows the other policy in its place.
 *
 * @internal
 */
export const unlessRefused = (policy: ReconnectPolicy): ReconnectPolicy =>
  knownPolicy({ name: '', given: [3, policy], maxRefusals: 3 }, (attempt) => {
    const { httpStatus } = attempt.closeEvent;
    return attempt.repeats >= 3 && (httpStatus === 401 || httpStatus === 403) ? null : policy(attempt);
  });

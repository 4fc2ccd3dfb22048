import { knownPolicy } from './knownPolicy.js';
import type { ReconnectPolicy } from './ReconnectPolicy.js';

/**
 * Follows another policy until the third 401 or the third 403 in a row refuses the handshake, then stops: after the first a fresh token may help, after
 * the third nothing will. It has no name, since `explainPolicy` shows the other policy in its place.
 *
 * @internal
 */
export const unlessRefused = (policy: ReconnectPolicy): ReconnectPolicy =>
  knownPolicy({ name: '', given: [3, policy], maxRefusals: 3 }, (attempt) => {
    const { httpStatus } = attempt.closeEvent;
    return attempt.repeats >= 3 && (httpStatus === 401 || httpStatus === 403) ? null : policy(attempt);
  });

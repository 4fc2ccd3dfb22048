import { CloseCode } from '../close/CloseCode.js';
import { atMost } from './atMost.js';
import { between } from './between.js';
import type { CodeTable } from './CodeTable.js';
import { exponential } from './exponential.js';
import { retryHint } from './retryHint.js';
import { serverHint } from './serverHint.js';
import { stop } from './stop.js';

/**
 * What is done about each close code unless the program says otherwise. A code that is not here stops.
 *
 * Retried is what a restart, an overload or the network causes; what the same client would only run into again is not. The codes from 3000
 * up are the peer's own and no two services agree on them, so they stop, save the one whose registered meaning is that something was slow.
 *
 * A server that goes away, restarts or is overloaded may name the wait in its reason: it knows how many it drops, the clients do not.
 */
export const defaultPolicies: CodeTable = {
  [CloseCode.NormalClosure]: stop,
  [CloseCode.GoingAway]: serverHint(retryHint, between(0, 5_000)),
  [CloseCode.ProtocolError]: stop,
  [CloseCode.UnsupportedData]: stop,
  [CloseCode.NoStatusReceived]: stop,
  // RFC 6455 §7.2.3: after an abnormal closure a random first delay, then truncated exponential backoff.
  [CloseCode.AbnormalClosure]: exponential(),
  [CloseCode.InvalidFramePayloadData]: stop,
  [CloseCode.PolicyViolation]: stop,
  // The same message would fail again.
  [CloseCode.MessageTooBig]: stop,
  [CloseCode.MandatoryExtension]: stop,
  [CloseCode.InternalError]: atMost(5, exponential()),
  // The registration of 1012 asks for a random 5 to 30 s.
  [CloseCode.ServiceRestart]: serverHint(retryHint, between(5_000, 30_000)),
  [CloseCode.TryAgainLater]: serverHint(retryHint, between(30_000, 60_000)),
  [CloseCode.BadGateway]: exponential(),
  [CloseCode.TLSHandshake]: stop,
  // Worth a retry once the credentials are fresh, which only the program can know.
  [CloseCode.Unauthorized]: stop,
  [CloseCode.Forbidden]: stop,
  [CloseCode.Timeout]: exponential(),
};

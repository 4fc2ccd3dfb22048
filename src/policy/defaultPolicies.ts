import { CloseCode } from '../close/CloseCode.js';
import { atMost } from './atMost.js';
import { between } from './between.js';
import type { CodeTable } from './CodeTable.js';
import { exponential } from './exponential.js';
import { readCodeTable, type CodeEntry } from './readCodeTable.js';
import { retryHint } from './retryHint.js';
import { serverHint } from './serverHint.js';
import { stop } from './stop.js';

/**
 * What to do about each close code unless your table says otherwise. A code that is not here stops.
 *
 * Retried is what a restart, an overload or the network causes. Not retried is what would fail the same way again. The codes from 3000
 * up belong to the server and no two services agree on them, so they stop, except the one whose registered meaning is a timeout.
 *
 * A server that goes away, restarts or is overloaded may name the wait in its reason: it knows how many clients it drops.
 *
 * Made by a function that bundlers may drop, since they keep an object with calls in it.
 */
export const defaultPolicies: CodeTable = /* @__PURE__ */ (() => ({
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
  // Worth a retry with fresh credentials, which only your code can get.
  [CloseCode.Unauthorized]: stop,
  [CloseCode.Forbidden]: stop,
  [CloseCode.Timeout]: exponential(),
}))();

const byDefault = /* @__PURE__ */ readCodeTable(defaultPolicies);
const nothing: CodeEntry = { key: '', policy: stop };

/**
 * Returns what the defaults say about a close code: `stop` where they say nothing.
 *
 * @internal
 */
export const defaultEntryOf = (code: number): CodeEntry => byDefault(code) ?? nothing;

/**
 * The close codes that have a name in the IANA WebSocket Close Code Number Registry (RFC 6455 §7.4.1 and §11.7).
 *
 * Your code may send `NormalClosure` and the three from 3000 up; a server, a proxy or the transport reports the others. 1005, 1006 and 1015 are never sent:
 * a transport reports them for "no code", "no closing handshake" and "no TLS".
 *
 * The type of the same name is the union of the values.
 *
 * @example
 * ```ts
 * import { CloseCode } from 'websocket-subject';
 *
 * const isRestart = (code: number) => code === CloseCode.ServiceRestart;
 * isRestart(1012); // => true
 * ```
 */
export const CloseCode = {
  /** 1000: the connection has done its job. `close()` sends it by default. */
  NormalClosure: 1000,
  /** 1001: a server shuts down, or the user leaves a page. */
  GoingAway: 1001,
  /** 1002: the other side broke the protocol. */
  ProtocolError: 1002,
  /** 1003: a kind of data that the other side cannot accept. */
  UnsupportedData: 1003,
  /** 1005: the Close had no code. Never sent. */
  NoStatusReceived: 1005,
  /** 1006: there was no closing handshake: dropped, refused, timed out. Never sent. */
  AbnormalClosure: 1006,
  /** 1007: data that does not fit its type, such as text that is not UTF-8. */
  InvalidFramePayloadData: 1007,
  /** 1008: a message broke a rule of the other side; also used where no other code fits. */
  PolicyViolation: 1008,
  /** 1009: a message was too big to process. */
  MessageTooBig: 1009,
  /** 1010: the client needs an extension that the server did not accept. */
  MandatoryExtension: 1010,
  /** 1011: the server met an unexpected condition. */
  InternalError: 1011,
  /** 1012: the service restarts; its registration asks clients to wait a random 5 to 30 s. */
  ServiceRestart: 1012,
  /** 1013: the service is overloaded. */
  TryAgainLater: 1013,
  /** 1014: a gateway got an invalid answer from the server behind it. */
  BadGateway: 1014,
  /** 1015: the TLS handshake failed. Never sent, and browsers report 1006 instead. */
  TLSHandshake: 1015,
  /** 3000: not authenticated (as 401 in HTTP). */
  Unauthorized: 3000,
  /** 3003: authenticated, but not allowed (as 403 in HTTP). */
  Forbidden: 3003,
  /** 3008: the other side took too long (as 408 in HTTP). */
  Timeout: 3008,
} as const;

/** Any close code that has a name in {@link (CloseCode:variable)}. */
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

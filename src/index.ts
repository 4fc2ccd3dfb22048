/**
 * An RxJS `webSocket` that tells you how the connection ended.
 *
 * @packageDocumentation
 */

// The subject
export { webSocket } from './subject/webSocket.js';
export { WebSocketSubject } from './subject/WebSocketSubject.js';
export type { ControlMessage } from './subject/ControlMessage.js';
export type { SocketOperator } from './subject/SocketOperator.js';
export type { ConnectionContext, MessageData, Provided, SerializedData, TransportConfig, WebSocketSubjectConfig } from './config/config.js';
export type { ObservableLike } from './config/ObservableLike.js';
export type { SocketStatus } from './config/SocketStatus.js';
export type { SocketWarning } from './config/SocketWarning.js';
export type { WebSocketCtor, WebSocketLike } from './config/WebSocketLike.js';

// Socket events
export type {
  SocketCloseOptions,
  SocketConnecting,
  SocketEvent,
  SocketMessage,
  SocketOpen,
  SocketReconnecting,
} from './session/events.js';

// The close
export { CloseCode } from './close/CloseCode.js';
export { CloseEvent } from './close/CloseEvent.js';
export type { CleanCloseEvent, CloseEventInit, EventBase, UncleanCloseEvent } from './close/CloseEvent.js';
export type { PlatformEvent, PlatformEventInit } from './close/PlatformEvent.js';
export { describeCloseCode } from './close/describeCloseCode.js';
export { isSendableCloseCode } from './close/isSendableCloseCode.js';
export type { SendableCloseCode } from './close/SendableCloseCode.js';

// Errors
export { DeserializeError } from './close/DeserializeError.js';
export { HandshakeRefusedError } from './close/HandshakeRefusedError.js';
export { InboxOverflowError } from './close/InboxOverflowError.js';
export { OutboxOverflowError } from './close/OutboxOverflowError.js';
export { SchemaError } from './close/SchemaError.js';
export { SerializeError } from './close/SerializeError.js';
export { SocketError } from './close/SocketError.js';
export { UnsentError } from './close/UnsentError.js';
export { WebSocketCloseError } from './close/WebSocketCloseError.js';
export { WebSocketTimeoutError } from './close/WebSocketTimeoutError.js';

// Operators
export * from './operators/index.js';

// Functions on a subject
export { drained } from './around/drained.js';
export { iterate } from './around/iterate.js';
export type { InboxOptions } from './around/InboxOptions.js';
export type { PlatformReadableStream, PlatformWritableStream, ReadableLike, WritableLike } from './around/PlatformStreams.js';
export type { StandardResult, StandardSchema } from './around/StandardSchema.js';
export { toWebStreams, type WebStreams } from './around/toWebStreams.js';
export { withSchema } from './around/withSchema.js';
export { topics, type TopicsOptions } from './topics/topics.js';

// Policies
export { after } from './policy/after.js';
export { atMost } from './policy/atMost.js';
export { between } from './policy/between.js';
export { explainPolicy } from './policy/explainPolicy.js';
export { exponential } from './policy/exponential.js';
export { retryHint } from './policy/retryHint.js';
export { sequence } from './policy/sequence.js';
export { serverHint } from './policy/serverHint.js';
export { stop } from './policy/stop.js';
export { within } from './policy/within.js';
export type { CodeTable } from './policy/CodeTable.js';
export type { ExponentialOptions } from './policy/exponential.js';
export type { DelayBounds, PolicyEntry, PolicyExplanation } from './policy/PolicyExplanation.js';
export type { RandomSource } from './policy/RandomSource.js';
export type { ServerHint, ServerHintOptions } from './policy/serverHint.js';
export type { ReconnectAttempt, ReconnectPolicy } from './policy/ReconnectPolicy.js';

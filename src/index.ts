/**
 * A WebSocket as an RxJS stream that tells the truth about how the connection ended.
 *
 * @packageDocumentation
 */

// The subject
export { webSocket } from './subject/webSocket.js';
export { WebSocketSubject } from './subject/WebSocketSubject.js';
export type {
  BlobLike,
  ConnectionContext,
  MessageData,
  Provided,
  SchemaConfig,
  SerializedData,
  WebSocketSubjectConfig,
} from './subject/config.js';
export type { ControlMessage } from './subject/ControlMessage.js';
export type { WebSocketCtor, WebSocketLike } from './subject/WebSocketLike.js';
export type { StandardResult, StandardSchema } from './subject/StandardSchema.js';
export type { SocketStatus } from './subject/SocketStatus.js';
export type { SocketWarning } from './subject/SocketWarning.js';

// Pulling
export type { InboxOptions } from './subject/InboxOptions.js';
export type { PlatformAsyncDisposable } from './subject/PlatformAsyncDisposable.js';
export type { PlatformReadableStream, PlatformWritableStream, ReadableLike, WritableLike } from './subject/PlatformStreams.js';
export { toWebStreams } from './subject/toWebStreams.js';
export type { WebStreams } from './subject/toWebStreams.js';

// Socket events
export type {
  SocketCloseOptions,
  SocketConnecting,
  SocketEvent,
  SocketMessage,
  SocketOpen,
  SocketReconnecting,
} from './subject/events.js';
export type { SocketOperator } from './subject/SocketOperator.js';

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
export { InboxOverflowError } from './close/InboxOverflowError.js';
export { OutboxOverflowError } from './close/OutboxOverflowError.js';
export { SchemaError } from './close/SchemaError.js';
export { SerializeError } from './close/SerializeError.js';
export { UnsentError } from './close/UnsentError.js';
export { WebSocketCloseError } from './close/WebSocketCloseError.js';
export { WebSocketTimeoutError } from './close/WebSocketTimeoutError.js';

// Operators
export * from './operators/index.js';

// Around a subject
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
export type { CodeTable } from './policy/codePolicy.js';
export type { ExponentialOptions } from './policy/exponential.js';
export type { DelayBounds, PolicyEntry, PolicyExplanation } from './policy/PolicyExplanation.js';
export type { RandomSource } from './policy/RandomSource.js';
export type { ServerHint, ServerHintOptions } from './policy/serverHint.js';
export type { ReconnectAttempt, ReconnectPolicy } from './policy/ReconnectPolicy.js';

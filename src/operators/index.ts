/** The operators on socket events, and on messages. */
export { closeEvent } from './closeEvent.js';
export { closeGracefully, type CloseGracefullyOptions } from './closeGracefully.js';
export { errorOnCode, type CodeKey } from './errorOnCode.js';
export { heartbeat, type HeartbeatOptions } from './heartbeat.js';
export { latestBy, type LatestByPeriod } from './latestBy.js';
export { messages } from './messages.js';
export { onOpen } from './onOpen.js';
export { pageCached, pageWake } from './pageSignals.js';
export { ping } from './ping.js';
export { reconnectOnCode, type ReconnectOptions } from './reconnectOnCode.js';
export { suspendWhile, type SuspendWhileOptions } from './suspendWhile.js';

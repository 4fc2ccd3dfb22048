/** The operators on socket events. */
export { closeEvent } from './closeEvent.js';
export { closeGracefully, type CloseGracefullyOptions } from './closeGracefully.js';
export { messages } from './messages.js';
export { reconnectOnCode } from './reconnectOnCode.js';

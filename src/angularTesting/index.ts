/**
 * Helpers to test Angular code that uses `injectWebSocket`: an injected server in memory.
 *
 * @packageDocumentation
 */

export { provideWebSocketTesting, WebSocketTestingController } from './WebSocketTestingController.js';

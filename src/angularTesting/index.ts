/**
 * Tests of Angular code that uses `injectWebSocket`: a scripted server in memory, injected.
 *
 * @packageDocumentation
 */

export { provideWebSocketTesting, WebSocketTestingController } from './WebSocketTestingController.js';

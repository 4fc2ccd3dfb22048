/**
 * Helpers to test code that uses WebSockets: a server in memory, a page, and socket events for marble tests.
 *
 * @packageDocumentation
 */

// The server
export { testServer } from './TestServer.js';
export type { ConnectionMatch, TestServer, TestServerOptions } from './TestServer.js';
export type { RefuseOptions, TestConnection } from './TestConnection.js';
export type { TestPage } from './TestPage.js';

// Socket events, and what policies are called with
export { attemptAfter, closedWith, connecting, dropped, message, opened, reconnecting } from './socketEvents.js';
export type { AttemptOptions, ClosedOptions, ConnectingOptions, OpenedOptions, ReconnectingOptions } from './socketEvents.js';

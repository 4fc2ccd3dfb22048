// jest-websocket-mock replaces the global WebSocket.
/* global jest */
const { afterEach, beforeEach, describe, expect, it } = require('@jest/globals');
const { WS } = require('jest-websocket-mock');
const { mockSocket } = require('./mockSocket.cjs');
const { nineTests } = require('./nineTests.cjs');

describe.each(['rxjs/webSocket', 'websocket-subject'])('%s', (library) => {
  beforeEach(() => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined); // mock-socket reports there that no server answers
    new WS('ws://127.0.0.1:9/other'); // a server replaces the global class; without one there is nothing to refuse a connection
  });
  afterEach(() => {
    WS.clean();
    jest.restoreAllMocks();
  });

  const { webSocket } = require(library);
  nineTests({ it, expect, webSocket, ...mockSocket((url) => new WS(url), (server) => server.close()) });
});
